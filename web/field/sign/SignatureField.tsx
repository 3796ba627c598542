import { useRef, useState, type PointerEvent } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { BigButton } from '../ui/BigButton.tsx';
import form from '../ui/Form.module.css';
import { TextInput } from '../ui/TextInput.tsx';
import styles from './SignatureField.module.css';
import { isNew, PAD, type Stroke } from './strokes.ts';

interface Props {
  label: string;
  name: string;
  onName(name: string): void;
  strokes: Stroke[];
  onStrokes(strokes: Stroke[]): void;
  fault?: string | null;
}

/** Who signs, and the drawing with finger, pen or mouse; the name alone is a signature too, for who cannot draw. */
export function SignatureField({ label, name, onName, strokes, onStrokes, fault }: Props) {
  const { t } = useTexts();
  const [drawn, setDrawn] = useState<Stroke | null>(null);
  const current = useRef<Stroke | null>(null);

  function pointOf(event: PointerEvent<SVGSVGElement>): [number, number] {
    const box = event.currentTarget.getBoundingClientRect();
    return [Math.round(((event.clientX - box.left) / box.width) * PAD.width), Math.round(((event.clientY - box.top) / box.height) * PAD.height)];
  }

  function begin(event: PointerEvent<SVGSVGElement>): void {
    event.currentTarget.setPointerCapture(event.pointerId);
    current.current = [];
    move(event);
  }

  function move(event: PointerEvent<SVGSVGElement>): void {
    const point = pointOf(event);
    if (!current.current || !isNew(current.current, point)) return;
    current.current = [...current.current, point];
    setDrawn(current.current);
  }

  function end(): void {
    const stroke = current.current;
    current.current = null;
    setDrawn(null);
    if (stroke?.length) onStrokes([...strokes, stroke]);
  }

  return (
    <div className={styles.pad} role="group" aria-label={label}>
      <TextInput label={label} value={name} onChange={onName} maxLength={200} fault={fault} />
      <span>{t('field.sign.draw')}</span>
      <svg
        className={styles.paper}
        viewBox={`0 0 ${PAD.width} ${PAD.height}`}
        role="img"
        aria-label={t(strokes.length ? 'keys.sign_done' : 'keys.sign_hint')}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      >
        {[...strokes, ...(drawn ? [drawn] : [])].map((stroke, i) => (
          <polyline key={i} className={styles.ink} points={(stroke.length === 1 ? [...stroke, ...stroke] : stroke).map((point) => point.join(',')).join(' ')} />
        ))}
      </svg>
      {strokes.length > 0 && (
        <div className={form.tools}>
          <BigButton onClick={() => onStrokes([])}>{t('keys.sign_again')}</BigButton>
        </div>
      )}
    </div>
  );
}
