// One entry: m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; p ← keep·p − rate·m/(√(v·unbias) + ε), where the caller has put
// 1 − lr·decay into `keep`, lr/(1 − β₁ᵗ) into `rate` and 1/(1 − β₂ᵗ) into `unbias`.
export function adamW(
  from: i32,
  to: i32,
  parameters: usize,
  gradients: usize,
  firstMoment: usize,
  secondMoment: usize,
  gradientScale: f32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  keep: f32,
  rate: f32,
  unbias: f32,
  epsilon: f32,
): void {
  const vectors = (<usize>(from + ((to - from) & ~3))) << 2
  const end = (<usize>to) << 2
  let i = (<usize>from) << 2
  for (; i < vectors; i += 16) {
    const g = f32x4.mul(v128.load(gradients + i), f32x4.splat(gradientScale))
    const m = f32x4.add(f32x4.mul(f32x4.splat(beta1), v128.load(firstMoment + i)), f32x4.mul(f32x4.splat(rest1), g))
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(beta2), v128.load(secondMoment + i)),
      f32x4.mul(f32x4.splat(rest2), f32x4.mul(g, g)),
    )
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(unbias))), f32x4.splat(epsilon))
    const p = f32x4.mul(v128.load(parameters + i), f32x4.splat(keep))
    v128.store(parameters + i, f32x4.sub(p, f32x4.div(f32x4.mul(f32x4.splat(rate), m), root)))
    v128.store(firstMoment + i, m)
    v128.store(secondMoment + i, v)
  }
  for (; i < end; i += 4) {
    const g = f32.load(gradients + i) * gradientScale
    const m = beta1 * f32.load(firstMoment + i) + rest1 * g
    const v = beta2 * f32.load(secondMoment + i) + rest2 * (g * g)
    f32.store(parameters + i, f32.load(parameters + i) * keep - (rate * m) / (sqrt(v * unbias) + epsilon))
    f32.store(firstMoment + i, m)
    f32.store(secondMoment + i, v)
  }
}
