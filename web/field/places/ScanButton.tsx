import { useEffect, useRef, useState } from 'react';
import { useTexts } from '../../shared/useTexts.ts';
import { BigButton } from '../ui/BigButton.tsx';
import { detectorOf } from './barcode.ts';
import styles from './ScanButton.module.css';

const EVERY_MS = 250;

interface Props {
  onText(text: string): void;
}

/** Reads the QR label of a room or component with the camera. Not there where the browser cannot. */
export function ScanButton({ onText }: Props) {
  const { t } = useTexts();
  const [isOpen, setOpen] = useState(false);

  if (!detectorOf()) return null;
  return (
    <>
      <BigButton icon="scan" aria-label={t('field.scan.button')} onClick={() => setOpen(true)} />
      {isOpen && (
        <Camera
          onText={(text) => {
            setOpen(false);
            if (text) onText(text);
          }}
        />
      )}
    </>
  );
}

function Camera({ onText }: Props) {
  const { t } = useTexts();
  const video = useRef<HTMLVideoElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const tell = useRef(onText);
  const [isRefused, setRefused] = useState(false);
  tell.current = onText;

  useEffect(() => {
    const detector = detectorOf()!;
    let stream: MediaStream | undefined;
    let isGone = false;
    dialog.current?.showModal();

    const look = async (): Promise<void> => {
      if (isGone || !video.current) return;
      const [code] = video.current.readyState >= 2 ? await detector.detect(video.current) : [];
      if (code && !isGone) tell.current(code.rawValue);
      else setTimeout(() => void look(), EVERY_MS);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment' } })
      .then(async (found) => {
        stream = found;
        if (isGone || !video.current) return stop(stream);
        video.current.srcObject = stream;
        await video.current.play();
        await look();
      })
      .catch(() => setRefused(true));
    return () => {
      isGone = true;
      stop(stream);
    };
  }, []);

  return (
    <dialog ref={dialog} className={styles.dialog} aria-label={t('field.scan.button')} onClose={() => onText('')}>
      {isRefused ? <p role="alert">{t('field.scan.refused')}</p> : <video ref={video} className={styles.video} muted playsInline />}
      <BigButton icon="cross" onClick={() => dialog.current?.close()}>{t('field.scan.stop')}</BigButton>
    </dialog>
  );
}

function stop(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
