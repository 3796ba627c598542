import { useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import type { Row } from '../sync/view.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { Choice } from '../ui/Choice.tsx';
import layout from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import { useForm } from '../ui/useForm.ts';
import { usePictureUrl } from '../ui/usePictureUrl.ts';
import { COLORS, layersOf, markChange, MAX_POINTS, pointsIn, shapeOf, shapesOf, TOOLS, type Point } from './marks.ts';
import { MarkLayer } from './MarkLayer.tsx';
import styles from './Marks.module.css';
import { MarkSheet } from './MarkSheet.tsx';

interface Props {
  photo: Row;
  marks: Row[];
}

/** Draws over a photo: arrow, circle, freehand or a word, in a colour; the last one can be taken back. */
export function PhotoEditor({ photo, marks }: Props) {
  const { t } = useTexts();
  const url = usePictureUrl(String(photo.d.sha256));
  const form = useForm(`mark:${photo.id}`);
  const [size, setSize] = useState<{ w: number; h: number } | null>(null);
  const [isMissing, setMissing] = useState(false);
  const [isTried, setTried] = useState(false);

  if (!form || url === null) return null;
  if (isMissing) return <p role="alert">{t('field.mark.missing')}</p>;
  const shapes = shapesOf(form.text('shapes'));
  const tool = TOOLS.find((one) => one === form.text('tool')) ?? 'arrow';
  const color = COLORS.find((one) => one === form.text('color')) ?? COLORS[0];
  const word = form.text('word');
  const needsWord = isTried && tool === 'text' && !word.trim();

  function drawn(path: Point[]): void {
    const shape = shapeOf(tool, path, word, color);
    setTried(!shape);
    if (shape && pointsIn([...shapes, shape]) <= MAX_POINTS) form!.set('shapes', JSON.stringify([...shapes, shape]));
  }

  return (
    <form
      className={layout.form}
      onSubmit={(event) => {
        event.preventDefault();
        const label = String(photo.d.title ?? '');
        if (size && shapes.length > 0) void form.save([markChange(photo, { ...size, shapes }, form.text('note'), label, new Date())], t('field.saved', { what: t('field.op.mark') }));
      }}
    >
      <div className={styles.frame}>
        <img
          className={styles.whole}
          src={url}
          alt={t('field.mark.alt', { n: marks.length })}
          onLoad={({ currentTarget: { naturalWidth: w, naturalHeight: h } }) => setSize({ w, h })}
          onError={() => setMissing(true)}
        />
        {layersOf(marks).map((layer, i) => (
          <svg key={i} className={styles.layer} viewBox={`0 0 ${layer.w} ${layer.h}`} aria-hidden="true"><MarkLayer layer={layer} /></svg>
        ))}
        {size && <MarkSheet size={size} shapes={shapes} preview={(path) => shapeOf(tool, path, word, color)} onDrawn={drawn} />}
      </div>
      <Choice label={t('field.mark.tool')} value={tool} options={TOOLS.map((one) => [one, t(`field.mark.tool.${one}`)])} onChange={(value) => form.set('tool', value)} />
      {tool === 'text' && (
        <TextInput label={t('field.mark.word')} hint={t('field.mark.word_where')} maxLength={80} value={word} fault={needsWord ? t('field.mark.say_word') : null} onChange={(text) => form.set('word', text)} />
      )}
      <div className={layout.tools} role="group" aria-label={t('field.mark.color')}>
        {COLORS.map((one, i) => (
          <BigButton key={one} aria-pressed={one === color} aria-label={t(`field.mark.color.${i as 0 | 1 | 2}`)} onClick={() => form.set('color', one)}>
            <span className={styles.color} data-color={i} />
          </BigButton>
        ))}
        <BigButton disabled={shapes.length === 0} onClick={() => form.set('shapes', shapes.length > 1 ? JSON.stringify(shapes.slice(0, -1)) : '')}>{t('field.mark.undo')}</BigButton>
      </div>
      <TextInput label={t('field.note')} rows={2} maxLength={4000} value={form.text('note')} onChange={(text) => form.set('note', text)} />
      {form.isFailed && <p role="alert" className={layout.fault}>{t('field.not_saved')}</p>}
      <BigButton type="submit" look="main" icon="check" disabled={shapes.length === 0}>{t('field.mark.save')}</BigButton>
    </form>
  );
}
