import { Button, Textfield, ValidationMessage } from '@digdir/designsystemet-react';
import { type PointerEvent, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './SignaturePad.module.css';

const SCALE = 2; /* dots of the picture for each of the page: sharp enough to print */
const LINE = 2.5;

/** What somebody signed with: a drawing, or their name written instead. */
export type Signature = { kind: 'drawn'; picture(): Promise<Blob> } | { kind: 'written'; name: string };

interface Props {
  onChange(signature: Signature | null): void;
  error?: string | undefined;
}

function pictureOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error('no picture'))), 'image/png');
  });
}

/** Signed with a finger, a pen or a mouse; or, by keyboard, with the name in full. */
export function SignaturePad({ onChange, error }: Props) {
  const { t } = useTexts();
  const [isWriting, setIsWriting] = useState(false);
  const [name, setName] = useState('');
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<{ x: number; y: number } | null>(null);
  const [isDrawn, setIsDrawn] = useState(false);

  function pointOf(event: PointerEvent<HTMLCanvasElement>): { x: number; y: number } {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: (event.clientX - box.left) * SCALE, y: (event.clientY - box.top) * SCALE };
  }

  /* Not when it is made: inside a dialog that is not open yet it has no size. */
  function begin(event: PointerEvent<HTMLCanvasElement>): void {
    const { currentTarget: pad } = event;
    if (!isDrawn) {
      pad.width = pad.clientWidth * SCALE;
      pad.height = pad.clientHeight * SCALE;
    }
    pad.setPointerCapture(event.pointerId);
    last.current = pointOf(event);
    move(event);
  }

  function move(event: PointerEvent<HTMLCanvasElement>): void {
    const pen = event.currentTarget.getContext('2d');
    const from = last.current;
    if (!pen || !from) return;
    const to = pointOf(event);
    pen.lineWidth = LINE * SCALE;
    pen.lineCap = 'round';
    pen.strokeStyle = '#00245c';
    pen.beginPath();
    pen.moveTo(from.x, from.y);
    pen.lineTo(to.x, to.y);
    pen.stroke();
    last.current = to;
  }

  function end(): void {
    if (!last.current) return;
    last.current = null;
    setIsDrawn(true);
    onChange({ kind: 'drawn', picture: () => pictureOf(canvas.current!) });
  }

  function clear(): void {
    const { current } = canvas;
    current?.getContext('2d')?.clearRect(0, 0, current.width, current.height);
    setIsDrawn(false);
    onChange(null);
  }

  function change(toWriting: boolean): void {
    setIsWriting(toWriting);
    setIsDrawn(false);
    onChange(toWriting && name.trim() ? { kind: 'written', name: name.trim() } : null);
  }

  if (isWriting)
    return (
      <div className={styles.pad}>
        <Textfield
          label={t('keys.sign_name')}
          description={t('keys.sign_name_hint')}
          value={name}
          maxLength={200}
          error={error}
          onChange={(event) => {
            setName(event.target.value);
            onChange(event.target.value.trim() ? { kind: 'written', name: event.target.value.trim() } : null);
          }}
        />
        <div className={styles.tools}>
          <Button variant="tertiary" data-size="sm" onClick={() => change(false)}>{t('keys.sign_draw_instead')}</Button>
        </div>
      </div>
    );
  return (
    <div className={styles.pad} role="group" aria-label={t('keys.sign')}>
      <strong>{t('keys.sign')}</strong>
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        aria-label={isDrawn ? t('keys.sign_done') : t('keys.sign_hint')}
        onPointerDown={begin}
        onPointerMove={move}
        onPointerUp={end}
        onPointerCancel={end}
      />
      {error && <ValidationMessage>{error}</ValidationMessage>}
      <div className={styles.tools}>
        <Button variant="tertiary" data-size="sm" disabled={!isDrawn} onClick={clear}>{t('keys.sign_again')}</Button>
        <Button variant="tertiary" data-size="sm" onClick={() => change(true)}>{t('keys.sign_write_instead')}</Button>
      </div>
    </div>
  );
}
