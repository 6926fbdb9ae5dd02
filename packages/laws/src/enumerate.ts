import { invalidArgument, requireInteger } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import type { FinitePolicy } from './finite-policy.js'

/** More sequences than this are refused: the point of enumeration is to be exact, not to be slow. */
const MOST_SEQUENCES = 10_000_000

/**
 * Every sequence of n choices among `choices`, in lexicographic order. The yielded array is reused.
 *
 * @throws PosttrainError `invalid-argument` if there are more than ten million
 * @example
 * ```ts
 * [...enumerateSequences(2, 3)].length // => 8
 * ```
 */
export function* enumerateSequences(choices: number, n: number): Generator<readonly number[], void> {
  requireInteger('choices', choices, { min: 1 })
  requireInteger('n', n, { min: 0 })
  if (choices ** n > MOST_SEQUENCES) {
    throw invalidArgument(`there are ${choices}^${n} sequences, too many to enumerate`, 'use fewer outcomes or samples')
  }
  const sequence = new Array<number>(n).fill(0)
  for (;;) {
    yield sequence
    let position = n - 1
    while (position >= 0 && sequence[position] === choices - 1) sequence[position--] = 0
    if (position < 0) return
    sequence[position]!++
  }
}

/** One way in which n samples can turn out. */
export interface Draw {
  readonly outcomes: readonly ScoredOutcome[]
  readonly probability: number
  /** How often each outcome of the policy was drawn. */
  readonly counts: readonly number[]
  /** Index of each drawn outcome in the policy. */
  readonly choices: readonly number[]
}

/** Every way in which n independent samples of a policy can turn out, with its probability. */
export function* enumerateDraws(policy: FinitePolicy, n: number): Generator<Draw, void> {
  for (const choices of enumerateSequences(policy.outcomes.length, n)) {
    const counts = new Array<number>(policy.outcomes.length).fill(0)
    let probability = 1
    for (const choice of choices) {
      probability *= policy.probabilities[choice]!
      counts[choice]!++
    }
    yield { outcomes: choices.map((choice) => policy.outcomes[choice]!), probability, counts, choices }
  }
}

/** A number that k samples decide. */
export type GroupValue = (outcomes: readonly ScoredOutcome[]) => number

/**
 * E[f(y₁ … yₙ)] over independent samples of a policy, by writing out all of them.
 *
 * @example
 * ```ts
 * const coin = finitePolicy([{ kind: 'scored', reward: 0 }, { kind: 'scored', reward: 1 }], [0, 0])
 * exactExpectation(coin, 2, (outcomes) => Math.max(...outcomes.map((o) => o.reward))) // => 0.75
 * ```
 */
export function exactExpectation(policy: FinitePolicy, n: number, value: GroupValue): number {
  let sum = 0
  for (const { outcomes, probability } of enumerateDraws(policy, n)) sum += probability * value(outcomes)
  return sum
}

/**
 * ∇E[f(y₁ … yₖ)] in the logits, differentiated analytically: each product of probabilities P has
 * ∂P/∂logitₐ = P·(number of a − k·πₐ).
 *
 * @returns one entry per outcome of the policy
 */
export function exactGradient(policy: FinitePolicy, k: number, value: GroupValue): number[] {
  const gradient = policy.probabilities.map(() => 0)
  for (const { outcomes, probability, counts } of enumerateDraws(policy, k)) {
    const weighted = probability * value(outcomes)
    if (weighted === 0) continue
    policy.probabilities.forEach((pi, a) => (gradient[a]! += weighted * (counts[a]! - k * pi)))
  }
  return gradient
}

/**
 * E[Σᵢ Aᵢ·∇log π(yᵢ)] over n independent samples, in the logits: the step that a policy gradient takes on average.
 *
 * @param advantages one number per sample, in order; those of an objective add up, others are divided by n first
 * @returns one entry per outcome of the policy
 */
export function expectedStep(
  policy: FinitePolicy,
  n: number,
  advantages: (outcomes: readonly ScoredOutcome[]) => readonly number[],
): number[] {
  const step = policy.probabilities.map(() => 0)
  for (const { outcomes, probability, choices } of enumerateDraws(policy, n)) {
    const given = advantages(outcomes)
    let total = 0
    choices.forEach((choice, i) => {
      step[choice]! += probability * given[i]!
      total += given[i]!
    })
    policy.probabilities.forEach((pi, a) => (step[a]! -= probability * total * pi))
  }
  return step
}
