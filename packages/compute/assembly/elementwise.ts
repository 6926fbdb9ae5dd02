/** out += x */
export function add(length: i32, x: usize, out: usize): void {
  const end = x + (<usize>length << 2)
  const vectors = x + (<usize>(length & ~3) << 2)
  for (; x < vectors; x += 16, out += 16) v128.store(out, f32x4.add(v128.load(out), v128.load(x)))
  for (; x < end; x += 4, out += 4) f32.store(out, f32.load(out) + f32.load(x))
}

/** Σ x², in float64: two sums, of the even and of the odd entries. */
export function sumOfSquares(length: i32, x: usize): f64 {
  const end = x + (<usize>length << 2)
  const pairs = x + (<usize>(length & ~1) << 2)
  let sums = f64x2.splat(0)
  for (; x < pairs; x += 8) {
    const v = f64x2.promote_low_f32x4(v128.load64_zero(x))
    sums = f64x2.add(sums, f64x2.mul(v, v))
  }
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)
  for (; x < end; x += 4) sum += <f64>f32.load(x) * <f64>f32.load(x)
  return sum
}

/** Σ over 64 rows at a time in registers, then into `out`: bounds the error of long sums. */
const BLOCK: i32 = 64

/** out[j] += Σᵢ x[i,j] */
export function sumRows(rows: i32, columns: i32, x: usize, out: usize): void {
  const width = <usize>columns << 2
  for (let i = 0; i < rows; i += BLOCK) {
    const end = x + <usize>min(BLOCK, rows - i) * width
    let j: usize = 0
    for (; j + 64 <= width; j += 64) {
      let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0)
      for (let p = x + j; p < end; p += width) {
        s0 = f32x4.add(s0, v128.load(p))
        s1 = f32x4.add(s1, v128.load(p, 16))
        s2 = f32x4.add(s2, v128.load(p, 32))
        s3 = f32x4.add(s3, v128.load(p, 48))
      }
      v128.store(out + j, f32x4.add(v128.load(out + j), s0))
      v128.store(out + j, f32x4.add(v128.load(out + j, 16), s1), 16)
      v128.store(out + j, f32x4.add(v128.load(out + j, 32), s2), 32)
      v128.store(out + j, f32x4.add(v128.load(out + j, 48), s3), 48)
    }
    for (; j < width; j += 4) {
      let s: f32 = 0
      for (let p = x + j; p < end; p += width) s += f32.load(p)
      f32.store(out + j, f32.load(out + j) + s)
    }
    x = end
  }
}
