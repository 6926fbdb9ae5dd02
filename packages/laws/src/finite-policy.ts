import { invalidArgument, requireFiniteArray, requireLength } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'

/** A softmax over a few outcomes: small enough that every expectation over it can be written out. */
export interface FinitePolicy {
  readonly outcomes: readonly ScoredOutcome[]
  readonly logits: readonly number[]
  /** π(outcome) = softmax(logits). */
  readonly probabilities: readonly number[]
}

/**
 * The softmax policy with these logits.
 *
 * @param outcomes what each choice is worth
 * @param logits one per outcome
 * @throws PosttrainError `invalid-argument` for no outcomes, or other than one finite logit each
 * @example
 * ```ts
 * finitePolicy([{ kind: 'scored', reward: 0 }, { kind: 'scored', reward: 1 }], [0, 0]).probabilities // => [0.5, 0.5]
 * ```
 */
export function finitePolicy(outcomes: readonly ScoredOutcome[], logits: readonly number[]): FinitePolicy {
  if (outcomes.length === 0) throw invalidArgument('outcomes must not be empty')
  requireLength('logits', logits, outcomes.length)
  requireFiniteArray('logits', logits)
  const highest = Math.max(...logits)
  const weights = logits.map((logit) => Math.exp(logit - highest))
  const sum = weights.reduce((a, b) => a + b, 0)
  return { outcomes, logits, probabilities: weights.map((weight) => weight / sum) }
}
