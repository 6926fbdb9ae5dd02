import { pluralityByFourier } from './plurality-by-fourier.js'
import { pluralityByHeight } from './plurality-by-height.js'
import type { TiesOfCounts, Vote, VoteClass } from './plurality-vote.js'

/** Steps of the programme over heights that take no time; beyond them the transform is quicker, and as exact. */
const FEW_STEPS = 2e7
/** Samples of a vote whose weights are listed one by one. */
export const MOST_VOTERS = 10_000_000

/**
 * Σ over all counts that add up to `total` of their weight times the reward of the plurality. Where t answers tie at
 * the top that is their mean ('share') or 0 ('strict'); where nobody votes it is 0.
 *
 * Two answers take O(k) steps, few samples those of `pluralityByHeight`, many those of `pluralityByFourier`.
 *
 * @throws PosttrainError `invalid-argument` for more steps than anybody waits for
 */
export function pluralitySum(vote: Vote, ties: TiesOfCounts): number {
  if (vote.classes.length === 2 && vote.abstentions.subarray(1).every((weight) => weight === 0)) return duel(vote, ties)
  return stepsByHeight(vote) <= FEW_STEPS ? pluralityByHeight(vote, ties) : pluralityByFourier(vote, ties)
}

/** For every height, answers that can have it, times those that can share it, times the convolution of an answer. */
function stepsByHeight({ classes, total }: Vote): number {
  const lengths = classes.map(({ weights }) => weights.length).sort((a, b) => a - b)
  let steps = 0
  let shorter = 0
  for (let m = 1; m <= total; m++) {
    while (shorter < lengths.length && lengths[shorter]! <= m) shorter++
    const tall = lengths.length - shorter
    if (tall === 0) break
    steps += tall * Math.min(tall, total / m) * total * m
  }
  return steps
}

/** Two answers among which everybody votes. */
function duel({ classes, abstentions, total }: Vote, ties: TiesOfCounts): number {
  const [a, b] = classes as [VoteClass, VoteClass]
  let sum = 0
  for (let votes = Math.max(0, total + 1 - b.weights.length); votes <= total && votes < a.weights.length; votes++) {
    const weight = a.weights[votes]! * b.weights[total - votes]!
    if (weight === 0) continue
    const others = total - votes
    if (votes > others) sum += weight * a.reward(votes)
    else if (votes < others) sum += weight * b.reward(others)
    else if (ties === 'share' && votes > 0) sum += (weight * (a.reward(votes) + b.reward(votes))) / 2
  }
  return sum * abstentions[0]!
}
