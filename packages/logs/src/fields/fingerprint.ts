/**
 * A number from 0 to 2³¹ − 1 that two texts share by chance once in 2³¹ times.
 *
 * @param before fingerprint of a text that stands before this one (default: none)
 */
export function fingerprint(text: string, before = 0): number {
  let hash = 0x811c9dc5 ^ text.length ^ Math.imul(before, 0x9e3779b1)
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // The last characters must move all bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 1
}
