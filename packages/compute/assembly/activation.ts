import { LOG2_E, multiplyAdd, pow2 } from './simd'

/** 2·√(2/π)·log₂e, and that times 0.044715: with z = 2u·log₂e the tanh form of GELU is x·σ(2u) = x·2ᶻ/(1 + 2ᶻ). */
const INNER: f32 = 2.3022081984
const INNER_CUBIC: f32 = 0.1029432396

/** 2·√(2/π), and 3 · 0.044715 times that: the slope of 2u. */
const SLOPE: f32 = 1.5957691216
const SLOPE_SQUARE: f32 = 0.2140644493

/**
 * σ of a number that comes times log₂e: 2ᶻ/(1 + 2ᶻ). From z = 100 on it is 1 in f32; below −126 it is exactly 0, so
 * that no subnormal number arises.
 */
@inline
function sigmoid(z: v128): v128 {
  const e = pow2(f32x4.pmin(z, f32x4.splat(100)))
  return f32x4.div(e, f32x4.add(e, f32x4.splat(1)))
}

/** σ(2u) with u = √(2/π)·(x + 0.044715·x³), which equals ½(1 + tanh u). */
@inline
function gate(x: v128, square: v128): v128 {
  return sigmoid(f32x4.mul(x, multiplyAdd(square, f32x4.splat(INNER_CUBIC), f32x4.splat(INNER))))
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
export function silu4(x: v128): v128 {
  return f32x4.mul(x, sigmoid(f32x4.mul(x, f32x4.splat(LOG2_E))))
}

/** (x·σ)′ = σ + x·σ·(1 − σ) */
@inline
export function siluSlope4(x: v128): v128 {
  const s = sigmoid(f32x4.mul(x, f32x4.splat(LOG2_E)))
  return multiplyAdd(x, f32x4.mul(s, f32x4.sub(f32x4.splat(1), s)), s)
}

const RELU = 0,
  GELU = 1,
  SILU = 2

/** f(x); `kind` is a constant at every call, so that the compiler leaves one branch. */
@inline
function value(kind: i32, x: v128): v128 {
  if (kind == GELU) return gelu4(x)
  if (kind == SILU) return silu4(x)
  return f32x4.pmax(x, f32x4.splat(0))
}

/** f′(x)·g */
@inline
function gradient(kind: i32, x: v128, g: v128): v128 {
  if (kind == GELU) return f32x4.mul(geluSlope4(x), g)
  if (kind == SILU) return f32x4.mul(siluSlope4(x), g)
  return v128.and(g, f32x4.gt(x, f32x4.splat(0)))
}

/** out = f(x). The last one to three entries go through a vector too, so that all entries round alike. */
@inline
function map(kind: i32, from: i32, to: i32, x: usize, out: usize): void {
  const vectors = (<usize>(from + ((to - from) & ~3))) << 2
  let i = (<usize>from) << 2
  for (; i < vectors; i += 16) v128.store(out + i, value(kind, v128.load(x + i)))
  for (; i < (<usize>to) << 2; i += 4) f32.store(out + i, f32x4.extract_lane(value(kind, v128.load32_splat(x + i)), 0))
}

/** gradX = f′(x)·gradOut */
@inline
function mapBackward(kind: i32, from: i32, to: i32, x: usize, gradOut: usize, gradX: usize): void {
  const vectors = (<usize>(from + ((to - from) & ~3))) << 2
  let i = (<usize>from) << 2
  for (; i < vectors; i += 16) v128.store(gradX + i, gradient(kind, v128.load(x + i), v128.load(gradOut + i)))
  for (; i < (<usize>to) << 2; i += 4) {
    const g = gradient(kind, v128.load32_splat(x + i), v128.load32_splat(gradOut + i))
    f32.store(gradX + i, f32x4.extract_lane(g, 0))
  }
}

export function relu(from: i32, to: i32, x: usize, out: usize): void {
  map(RELU, from, to, x, out)
}

export function gelu(from: i32, to: i32, x: usize, out: usize): void {
  map(GELU, from, to, x, out)
}

export function silu(from: i32, to: i32, x: usize, out: usize): void {
  map(SILU, from, to, x, out)
}

export function reluBackward(from: i32, to: i32, x: usize, gradOut: usize, gradX: usize): void {
  mapBackward(RELU, from, to, x, gradOut, gradX)
}

export function geluBackward(from: i32, to: i32, x: usize, gradOut: usize, gradX: usize): void {
  mapBackward(GELU, from, to, x, gradOut, gradX)
}

export function siluBackward(from: i32, to: i32, x: usize, gradOut: usize, gradX: usize): void {
  mapBackward(SILU, from, to, x, gradOut, gradX)
}
