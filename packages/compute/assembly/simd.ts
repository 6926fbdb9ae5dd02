// Four-lane f32 arithmetic that every kernel shares. It uses deterministic instructions only, so that a program gives
// the same bits on every machine; the exception is `multiplyAdd` in the module for relaxed SIMD.

/** log₂e: eˣ = 2^(x·log₂e). */
export const LOG2_E: f32 = 1.4426950409

/** Σ of the lanes, as (0 + 1) + (2 + 3). */
@inline
export function sumLanes(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
}

@inline
export function maxLanes(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  )
}

/**
 * a·b + c, rounded twice, which gives the same bits on every machine. In the module for relaxed SIMD it is rounded
 * once if the machine can do so: that is faster, and the last bits depend on the machine.
 */
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c)
  return f32x4.add(f32x4.mul(a, b), c)
}

/**
 * 2ᶻ for z < 128, with a relative error of 2e-7, and 0 below z = −126, so that no subnormal number arises:
 * on many processors one costs a hundred times an ordinary one.
 *
 * z = n + r with |r| ≤ ½: adding 1.5·2²³ + 127 rounds z to an integer and leaves n + 127, the exponent of 2ⁿ, in the
 * low bits. The polynomial for 2ʳ is a minimax fit (9e-8) with constant term 1; it is summed in pairs, because loops
 * over this function are bound by its latency.
 */
@inline
export function pow2(z: v128): v128 {
  const shifter = f32x4.splat(12582912.0 + 127.0)
  const shifted = f32x4.add(z, shifter)
  const r = f32x4.sub(z, f32x4.sub(shifted, shifter))
  const square = f32x4.mul(r, r)
  const low = multiplyAdd(r, f32x4.splat(0.693147), f32x4.splat(1))
  const middle = multiplyAdd(r, f32x4.splat(0.055507336), f32x4.splat(0.24022242))
  const high = multiplyAdd(r, f32x4.splat(0.0013264727), f32x4.splat(0.009671513))
  const p = multiplyAdd(multiplyAdd(high, square, middle), square, low)
  return v128.and(f32x4.mul(p, i32x4.shl(shifted, 23)), f32x4.gt(z, f32x4.splat(-126)))
}

/** Sets `count` floats to 0. */
@inline
export function zeroFloats(target: usize, count: i32): void {
  const end = target + ((<usize>count) << 2)
  const vectors = target + ((<usize>(count & ~3)) << 2)
  for (; target < vectors; target += 16) v128.store(target, f32x4.splat(0))
  for (; target < end; target += 4) f32.store(target, 0)
}

/** Copies `count` floats. A loop, because memory.copy is a call out of WASM and rows are short. */
@inline
export function copyFloats(source: usize, target: usize, count: i32): void {
  const end = target + ((<usize>count) << 2)
  const vectors = target + ((<usize>(count & ~3)) << 2)
  for (; target < vectors; source += 16, target += 16) v128.store(target, v128.load(source))
  for (; target < end; source += 4, target += 4) f32.store(target, f32.load(source))
}

/** Bytes of `count` floats, rounded up to whole vectors of 4 (or, with `to` = 8, to whole tiles). */
@inline
export function paddedBytes(count: i32, to: i32 = 4): usize {
  return (<usize>((count + to - 1) & ~(to - 1))) << 2
}
