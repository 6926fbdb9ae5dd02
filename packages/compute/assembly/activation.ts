import { exp4, multiplyAdd } from './simd'

/** Twice √(2/π), and that times 0.044715: with z = 2u the tanh form of GELU is x·σ(z). */
const TWICE: f32 = 1.5957691216
const TWICE_CUBIC: f32 = 0.0713548163

/**
 * σ(2u) = e/(1 + e) with e = exp(2u) and u = √(2/π)·(x + 0.044715·x³), which equals ½(1 + tanh u). From 2u = 80 on it is
 * 1 in f32; below −87.33 exp4 gives exactly 0.
 */
@inline
function gate(x: v128, square: v128): v128 {
  const z = f32x4.mul(x, multiplyAdd(square, f32x4.splat(TWICE_CUBIC), f32x4.splat(TWICE)))
  const e = exp4(f32x4.pmin(z, f32x4.splat(80)))
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
  const slope = multiplyAdd(square, f32x4.splat(3 * TWICE_CUBIC), f32x4.splat(TWICE))
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
