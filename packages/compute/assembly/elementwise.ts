/** out += x, over one row. */
@inline
export function addRow(length: i32, x: usize, out: usize): void {
  const end = x + ((<usize>length) << 2)
  const vectors = x + ((<usize>(length & ~3)) << 2)
  for (; x < vectors; x += 16, out += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(x)))
  for (; x < end; x += 4, out += 4) f32.store(out, f32.load(out) + f32.load(x))
}

/** out += scale·x */
export function add(from: i32, to: i32, scale: f32, x: usize, out: usize): void {
  const scales = f32x4.splat(scale)
  const vectors = (<usize>(from + ((to - from) & ~3))) << 2
  let i = (<usize>from) << 2
  for (; i < vectors; i += 16) {
    v128.store(out + i, f32x4.add(v128.load(out + i), f32x4.mul(scales, v128.load(x + i))))
  }
  for (; i < (<usize>to) << 2; i += 4) f32.store(out + i, f32.load(out + i) + scale * f32.load(x + i))
}

/** Σ x², in float64: two sums, of the even and of the odd entries. */
export function sumOfSquares(length: i32, x: usize): f64 {
  const end = x + ((<usize>length) << 2)
  const pairs = x + ((<usize>(length & ~1)) << 2)
  let sums = f64x2.splat(0)
  for (; x < pairs; x += 8) {
    const v = f64x2.promote_low_f32x4(v128.load64_zero(x))
    sums = f64x2.add(sums, f64x2.mul(v, v))
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (; x < end; x += 4) sum += <f64>f32.load(x) * <f64>f32.load(x)
  return sum
}
