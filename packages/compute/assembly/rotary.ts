import { multiplyAdd } from './simd'

/**
 * Turns the entries i and i + headSize/2 of a row's first `heads` heads by the angles of its position: `angles` has the
 * cosines, then the sines. `sign` is −1 to turn back.
 */
export function rotary(
  from: i32,
  to: i32,
  heads: i32,
  headSize: i32,
  columns: i32,
  x: usize,
  positions: usize,
  angles: usize,
  sign: f32,
): void {
  const head = (<usize>headSize) << 2
  const half = head >> 1
  const vectors = half & ~15
  const signs = f32x4.splat(sign)
  for (let i = from; i < to; i++) {
    const cosines = angles + <usize>i32.load(positions + ((<usize>i) << 2)) * head
    const sines = cosines + half
    let a = x + ((<usize>i * <usize>columns) << 2)
    for (const end = a + <usize>heads * head; a < end; a += head) {
      const b = a + half
      for (let j: usize = 0; j < vectors; j += 16) {
        const first = v128.load(a + j),
          second = v128.load(b + j)
        const cosine = v128.load(cosines + j),
          sine = f32x4.mul(signs, v128.load(sines + j))
        v128.store(a + j, f32x4.sub(f32x4.mul(first, cosine), f32x4.mul(second, sine)))
        v128.store(b + j, multiplyAdd(second, cosine, f32x4.mul(first, sine)))
      }
      for (let j = vectors; j < half; j += 4) {
        const first = f32.load(a + j),
          second = f32.load(b + j)
        const cosine = f32.load(cosines + j),
          sine = sign * f32.load(sines + j)
        f32.store(a + j, first * cosine - second * sine)
        f32.store(b + j, second * cosine + first * sine)
      }
    }
  }
}
