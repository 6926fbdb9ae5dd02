import { invalidArgument, mean, requireFinite, requireFiniteArray, requireLength } from '@posttrain/core'
import { keepBordaPower } from './borda-power.js'

/** A sample's vote for an answer, with its strength. */
export interface Ballot {
  /** Canonical key. Absent: no vote. */
  readonly answer?: string | undefined
  readonly reward: number
  /** A probability, a confidence, a verifier's score; negative weights count against. */
  readonly weight: number
}

/** How a weighted vote ended. */
export interface WeightedVoteResult {
  /** Answers with the greatest weight, in the order they were seen; none if nobody voted. */
  readonly winners: readonly string[]
  readonly totals: ReadonlyMap<string, number>
  /** Mean reward of the winners, each the mean over its ballots; 0 if nobody voted. */
  readonly reward: number
}

/** How weights are made from the confidences of the samples that vote, for instance `bordaWeights(0.5)`. */
export type Weighing = (confidences: readonly number[]) => readonly number[]

/**
 * A vote in which the answer of greatest total weight wins: argmaxₐ Σ_{aᵢ=a} wᵢ. Totals that differ by less than
 * 10⁻¹²·Σ|w|, as the same weights in another order may, tie.
 *
 * @param ballots one per sample
 * @param weigh applied to the weights of the ballots that vote (default: as they are)
 * @returns the winners, what they are worth, and the weight of every answer
 * @throws PosttrainError `invalid-argument` for weights or rewards that are not finite, and where `weigh` gives another
 *   number of weights than it was given confidences, or weights that are not finite
 * @example
 * ```ts
 * const ballots = [
 *   { answer: 'a', weight: 0.2, reward: 0 },
 *   { answer: 'b', weight: 0.9, reward: 0 },
 *   { answer: 'a', weight: 0.5, reward: 0 },
 * ]
 * weightedVote(ballots).winners // => ['b']
 * ```
 */
export function weightedVote(ballots: readonly Ballot[], weigh?: Weighing): WeightedVoteResult {
  ballots.forEach(({ weight, reward }, i) => {
    requireFinite(`ballots[${i}].weight`, weight)
    requireFinite(`ballots[${i}].reward`, reward)
  })
  const voting = ballots.filter(({ answer }) => answer !== undefined)
  const confidences = voting.map(({ weight }) => weight)
  const weights = weigh === undefined ? confidences : weigh(confidences)
  if (weigh !== undefined) requireWeights(weights, confidences.length)
  const totals = new Map<string, number>()
  const rewards = new Map<string, number[]>()
  let size = 0
  voting.forEach(({ answer, reward }, i) => {
    totals.set(answer!, (totals.get(answer!) ?? 0) + weights[i]!)
    const known = rewards.get(answer!)
    if (known) known.push(reward)
    else rewards.set(answer!, [reward])
    size += Math.abs(weights[i]!)
  })
  let greatest = -Infinity
  for (const total of totals.values()) greatest = Math.max(greatest, total)
  // Sums of the same weights in another order round differently: what is equal up to that is a tie.
  const winners = [...totals.keys()].filter((answer) => totals.get(answer)! >= greatest - ROUNDING * size)
  const worth = winners.map((answer) => mean(rewards.get(answer)!))
  return { winners, totals, reward: worth.length === 0 ? 0 : mean(worth) }
}

/** What two sums of weights may differ by and be equal, as a share of the sum of all of them. */
const ROUNDING = 1e-12

function requireWeights(weights: readonly number[], votes: number): void {
  requireLength('the weights of weigh', weights, votes)
  requireFiniteArray('the weights of weigh', weights)
}

/**
 * Weights by rank of confidence: (N − rank + 1)ᵖ, rank 1 the most confident (Kang et al. 2025, self-certainty,
 * https://arxiv.org/abs/2502.18581). p = 0 is the plain vote; equal confidences share the mean of their weights.
 *
 * @param exponent p ≥ 0
 * @returns what makes weights of confidences, a function whose name is `bordaWeights(p)`
 * @throws PosttrainError `invalid-argument` for a negative exponent
 * @example
 * ```ts
 * bordaWeights(0.5)([0.1, 0.4, 0.3, 0.2]) // => [1, 2, 1.732, 1.414]
 * ```
 */
export function bordaWeights(exponent: number): Weighing {
  requireFinite('exponent', exponent, { min: 0 })
  const weigh: Weighing = (confidences) => {
    requireFiniteArray('confidences', confidences)
    const order = confidences.map((_, i) => i).sort((a, b) => confidences[a]! - confidences[b]!)
    const weights = new Array<number>(confidences.length)
    for (let start = 0; start < order.length;) {
      let end = start
      let total = 0
      while (end < order.length && confidences[order[end]!] === confidences[order[start]!]) total += (++end) ** exponent
      for (let rank = start; rank < end; rank++) weights[order[rank]!] = total / (end - start)
      start = end
    }
    return weights
  }
  keepBordaPower(weigh, exponent)
  return Object.defineProperty(weigh, 'name', { value: `bordaWeights(${exponent})` })
}

/**
 * Weights proportional to the samples' probabilities: exp(logprob − greatest logprob).
 *
 * @param logprobs (samples): the total (or per-token mean) log-probability of each, in nats
 * @returns (samples), the greatest of them 1
 * @throws PosttrainError `invalid-argument` for positive or non-finite log-probs
 * @example
 * ```ts
 * logprobWeights([-1, -1]) // => [1, 1]
 * ```
 */
export const logprobWeights: Weighing = (logprobs) => {
  requireFiniteArray('logprobs', logprobs)
  if (logprobs.some((logprob) => logprob > 0)) throw invalidArgument('logprobs must not be positive')
  const greatest = Math.max(...logprobs)
  return logprobs.map((logprob) => Math.exp(logprob - greatest))
}
