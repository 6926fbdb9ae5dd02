import type { RandomStream } from '@posttrain/core'

/** How success rates are spread over tasks: Beta(a, b), but for a share of tasks that are never solved. */
export interface SuccessRates {
  readonly name: string
  readonly a: number
  readonly b: number
  readonly unsolvable?: number
}

/** From benchmarks of a middling model to nearly saturated and nearly hopeless ones. */
export const successRates: readonly SuccessRates[] = [
  { name: 'around one half', a: 2, b: 2 },
  { name: 'easy or hard (U-shaped)', a: 0.4, b: 0.6 },
  { name: 'HumanEval-like', a: 0.3, b: 1 },
  { name: 'Game-of-24-like', a: 0.25, b: 3 },
  { name: 'hard, 70 % unsolvable', a: 0.5, b: 1.5, unsolvable: 0.7 },
  { name: 'very hard, 85 % unsolvable', a: 0.5, b: 1.5, unsolvable: 0.85 },
  { name: 'easy', a: 4, b: 0.5 },
]

function normal(stream: RandomStream): number {
  return Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())
}

/** A gamma variable by Marsaglia and Tsang's method. */
function gamma(shape: number, stream: RandomStream): number {
  if (shape < 1) return gamma(shape + 1, stream) * (1 - stream.uniform()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const x = normal(stream)
    const v = (1 + x / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - stream.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** The success rate of one task. */
export function drawRate({ a, b, unsolvable = 0 }: SuccessRates, stream: RandomStream): number {
  if (stream.uniform() < unsolvable) return 0
  const x = gamma(a, stream)
  return x / (x + gamma(b, stream))
}

/** How many of n samples are correct, by inversion. */
export function drawCorrect(n: number, p: number, stream: RandomStream): number {
  if (p > 0.5) return n - drawCorrect(n, 1 - p, stream)
  let left = stream.uniform()
  let weight = (1 - p) ** n
  let c = 0
  while (left >= weight && c < n) {
    left -= weight
    weight *= ((n - c) / (c + 1)) * (p / (1 - p))
    c++
  }
  return c
}
