import { multiplyAdd, pow2 } from './simd'

/** 2·√(2/π)·log₂e, and that times 0.044715: with z = 2u·log₂e the tanh form of GELU is x·σ(2u) = x·2ᶻ/(1 + 2ᶻ). */
const INNER: f32 = 2.3022081984
const INNER_CUBIC: f32 = 0.1029432396

/** 2·√(2/π), and 3 · 0.044715 times that: the slope of 2u. */
const SLOPE: f32 = 1.5957691216
const SLOPE_SQUARE: f32 = 0.2140644493

/**
 * σ(2u) with u = √(2/π)·(x + 0.044715·x³), which equals ½(1 + tanh u). From z = 100 on it is 1 in f32; below −126 it is
 * exactly 0, so that no subnormal number arises.
 */
@inline
function gate(x: v128, square: v128): v128 {
  const z = f32x4.mul(x, multiplyAdd(square, f32x4.splat(INNER_CUBIC), f32x4.splat(INNER)))
  const e = pow2(f32x4.pmin(z, f32x4.splat(100)))
  return f32x4.div(e, f32x4.add(e, f32x4.splat(1)))
}

@inline
function gelu4(x: v128): v128 {
  return f32x4.mul(x, gate(x, f32x4.mul(x, x)))
}

/** (x·σ)′ = σ + x·σ·(1 − σ)·(2u)′ */
@inline
function geluSlope4(x: v128): v128 {
  const square = f32x4.mul(x, x)
  const s = gate(x, square)
  const slope = multiplyAdd(square, f32x4.splat(SLOPE_SQUARE), f32x4.splat(SLOPE))
  const bend = f32x4.mul(f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)), slope)
  return multiplyAdd(x, bend, s)
}

@inline
function relu4(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0))
}

export function gelu(length: i32, x: usize, out: usize): void {
  const end = x + (<usize>(length & ~3) << 2)
  for (; x < end; x += 16, out += 16) v128.store(out, gelu4(v128.load(x)))
  for (let i = length & ~3; i < length; i++, x += 4, out += 4) {
    f32.store(out, f32x4.extract_lane(gelu4(v128.load32_splat(x)), 0))
  }
}

export function geluBackward(length: i32, x: usize, gradOut: usize, gradX: usize): void {
  const end = x + (<usize>(length & ~3) << 2)
  for (; x < end; x += 16, gradOut += 16, gradX += 16) {
    v128.store(gradX, f32x4.mul(geluSlope4(v128.load(x)), v128.load(gradOut)))
  }
  for (let i = length & ~3; i < length; i++, x += 4, gradOut += 4, gradX += 4) {
    f32.store(gradX, f32x4.extract_lane(geluSlope4(v128.load32_splat(x)), 0) * f32.load(gradOut))
  }
}

export function relu(length: i32, x: usize, out: usize): void {
  const end = x + (<usize>(length & ~3) << 2)
  for (; x < end; x += 16, out += 16) v128.store(out, relu4(v128.load(x)))
  for (let i = length & ~3; i < length; i++, x += 4, out += 4) f32.store(out, max<f32>(f32.load(x), 0))
}

export function reluBackward(length: i32, x: usize, gradOut: usize, gradX: usize): void {
  const end = x + (<usize>(length & ~3) << 2)
  for (; x < end; x += 16, gradOut += 16, gradX += 16) {
    v128.store(gradX, v128.and(v128.load(gradOut), f32x4.gt(v128.load(x), f32x4.splat(0))))
  }
  for (let i = length & ~3; i < length; i++, x += 4, gradOut += 4, gradX += 4) {
    f32.store(gradX, f32.load(x) > 0 ? f32.load(gradOut) : 0)
  }
}
