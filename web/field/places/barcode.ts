/** The browser's own reader of QR codes (Shape Detection API), which TypeScript does not know yet. */
export interface BarcodeReader {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type Constructor = new (options: { formats: string[] }) => BarcodeReader;

export function detectorOf(): BarcodeReader | null {
  const { BarcodeDetector } = globalThis as { BarcodeDetector?: Constructor };
  return BarcodeDetector && 'mediaDevices' in navigator ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
}
