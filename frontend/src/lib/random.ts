/** 128 random bits in hexadecimal.  crypto.randomUUID() is there for safe origins alone: not for
 * a phone that asks a computer nearby, by its address and without encryption. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
