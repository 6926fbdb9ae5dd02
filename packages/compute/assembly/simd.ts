// Four-lane f32 arithmetic that every kernel shares. Only the deterministic SIMD instructions are used, so a program
// gives the same bits on every machine.

/** Σ of the lanes, as (0 + 1) + (2 + 3). */
@inline
export function sumLanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  )
}

@inline
export function maxLanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  )
}

/** a·b + c, rounded twice: fused multiply-add is a relaxed instruction whose result depends on the machine. */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  return f32x4.add(f32x4.mul(a, b), c)
}

/**
 * exp(x) for x ≤ 88, to 2 units in the last place; 0 below ln 2⁻¹²⁶, so that no subnormal number arises: on many
 * processors one costs a hundred times an ordinary one.
 *
 * x = n·ln 2 + r with |r| ≤ ½ ln 2; exp r by the degree-5 polynomial of Cephes' expf (S. Moshier). Adding 1.5·2²³ + 127
 * rounds x/ln 2 to an integer and leaves n + 127, the exponent of 2ⁿ, in the low bits.
 */
@inline
export function exp4(x: v128): v128 {
  const shifter = f32x4.splat(12582912.0 + 127.0)
  const shifted = multiplyAdd(x, f32x4.splat(1.44269504088896341), shifter)
  const n = f32x4.sub(shifted, shifter)
  // ln 2 in two parts: the first has few enough bits that n times it is exact.
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)))
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r)
  let p = multiplyAdd(f32x4.splat(1.9875691500e-4), r, f32x4.splat(1.3981999507e-3))
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3))
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2))
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1))
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1))
  p = multiplyAdd(p, f32x4.mul(r, r), f32x4.add(r, f32x4.splat(1)))
  const value = f32x4.mul(p, i32x4.shl(shifted, 23))
  return v128.and(value, f32x4.gt(x, f32x4.splat(-87.33)))
}

/** Zero-fills whole vectors from `target` on, up to `end`. */
@inline
export function zero(target: usize, end: usize): void {
  for (; target < end; target += 16) v128.store(target, f32x4.splat(0))
}

/** Copies `count` floats. A loop, because memory.copy is a call out of WASM and rows are short. */
@inline
export function copyFloats(source: usize, target: usize, count: i32): void {
  const end = target + (<usize>count << 2)
  const vectors = target + (<usize>(count & ~3) << 2)
  for (; target < vectors; source += 16, target += 16) v128.store(target, v128.load(source))
  for (; target < end; source += 4, target += 4) f32.store(target, f32.load(source))
}

/** Bytes of `count` floats, rounded up to whole vectors of 4 (or, with `to` = 8, to whole tiles). */
@inline
export function paddedBytes(count: i32, to: i32 = 4): usize {
  return (<usize>((count + to - 1) & ~(to - 1))) << 2
}
