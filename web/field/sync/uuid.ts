const MAX_COUNTER = 0xfff;

let last_ms = 0;
let counter = 0;

/** A UUIDv7 (RFC 9562 § 5.7, method 1): ordered also within a millisecond and when the clock goes back. */
export function uuid7(now_ms: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));

  if (now_ms > last_ms) {
    last_ms = now_ms;
    counter = bytes[6]! & 0x7f;
  } else if (++counter > MAX_COUNTER) {
    last_ms++;
    counter = 0;
  }
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(last_ms / 2 ** (8 * (5 - i))) & 0xff;
  bytes[6] = 0x70 | (counter >> 8);
  bytes[7] = counter & 0xff;
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
