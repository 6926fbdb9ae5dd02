import type { ScoredOutcome } from '@posttrain/core'
import { enumerateDraws, finitePolicy } from '@posttrain/laws'
import type { FinitePolicy } from '@posttrain/laws'

const logits = [0.2, -0.3, 0.5, -0.1]
const withLogits = (outcomes: ScoredOutcome[]): FinitePolicy => finitePolicy(outcomes, logits)

/**
 * The four-outcome policy of the golden tables, with continuous rewards, with binary ones, and with answers (A is
 * right).
 */
export const continuous = withLogits([0, 0.3, 0.7, 1].map((reward) => ({ kind: 'scored', reward })))
export const binary = withLogits([0, 1, 0, 1].map((reward) => ({ kind: 'scored', reward })))
export const answering = withLogits(
  ['A', 'B', 'A', 'C'].map((answer) => ({ kind: 'scored', answer, reward: answer === 'A' ? 1 : 0 })),
)

/** Mean and total variance (trace of the covariance) of Σᵢ Aᵢ·∇log π(yᵢ) over groups of n. */
export function stepMoments(
  policy: FinitePolicy,
  n: number,
  advantages: (outcomes: readonly ScoredOutcome[]) => readonly number[],
): { mean: number[]; variance: number } {
  const { probabilities } = policy
  const mean = probabilities.map(() => 0)
  let squared = 0
  for (const { outcomes, probability, choices } of enumerateDraws(policy, n)) {
    const step = probabilities.map(() => 0)
    advantages(outcomes).forEach((advantage, i) => {
      probabilities.forEach((pi, a) => (step[a]! += advantage * (Number(choices[i] === a) - pi)))
    })
    step.forEach((value, a) => {
      mean[a]! += probability * value
      squared += probability * value * value
    })
  }
  return { mean, variance: squared - mean.reduce((sum, value) => sum + value * value, 0) }
}

/** |a|/|b| and the cosine between a and b. */
export function compare(a: readonly number[], b: readonly number[]): { ratio: number; cosine: number } {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0)
  const [lengthA, lengthB] = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))]
  return { ratio: lengthA / lengthB, cosine: dot(a, b) / (lengthA * lengthB) }
}
