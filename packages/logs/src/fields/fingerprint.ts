/** A number from 0 to 2³¹ − 1 that two texts share by chance once in 2³¹ times. */
export function fingerprint(text: string): number {
  let hash = 0x811c9dc5 ^ text.length
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // The last characters must move all bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 1
}
