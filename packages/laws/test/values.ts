import type { ScoredOutcome } from '@posttrain/core'
import fc from 'fast-check'
import { answerOutcome, type GroupValue } from '@posttrain/laws'

const proxyOf = ({ parts }: ScoredOutcome): number => parts!['proxy'] ?? -Infinity
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** The samples with the highest proxy; none if no sample has one. */
const chosen = (outcomes: readonly ScoredOutcome[]): ScoredOutcome[] => {
  const highest = Math.max(...outcomes.map(proxyOf))
  return outcomes.filter((outcome) => proxyOf(outcome) === highest && highest > -Infinity)
}

/** The reward of the sample with the highest proxy, ties shared; 0 if no sample has one. */
export const bestByPartValue: GroupValue = (outcomes) => {
  const best = chosen(outcomes)
  return best.length === 0 ? 0 : mean(best.map(({ reward }) => reward))
}

/** The reward of a sample whose proxy is at least 1, any of them alike; 0 if there is none. */
export const firstPassingValue: GroupValue = (outcomes) => {
  const passing = outcomes.filter((outcome) => proxyOf(outcome) >= 1)
  return passing.length === 0 ? 0 : mean(passing.map(({ reward }) => reward))
}

/** How often the best of all others by proxy beats a sample, averaged over which sample that is. */
export const winRateValue: GroupValue = (outcomes) =>
  mean(
    outcomes.map(({ reward }, i) => {
      const winners = chosen(outcomes.filter((_, j) => j !== i))
      return mean(winners.map((winner) => (winner.reward > reward ? 1 : winner.reward === reward ? 0.5 : 0)))
    }),
  )

/** (2/k)·(how far the number of correct samples exceeds half of k). */
export const meanAtLeastValue =
  (k: number): GroupValue =>
  (outcomes) => {
    const correct = outcomes.filter(({ reward }) => reward === 1).length
    return (2 / k) * Math.max(0, correct - Math.ceil(k / 2))
  }

/** The mean reward of the answer with the greatest total weight, ties shared, samples unparsed or unweighed abstaining. */
export const weightedPluralityValue =
  (weightOf: (outcome: ScoredOutcome) => number): GroupValue =>
  (outcomes) => {
    const voting = outcomes.filter(({ parts }) => parts?.['proxy'] !== null)
    const answers = [...new Set(voting.flatMap(({ answer }) => (answer === undefined ? [] : [answer])))]
    if (answers.length === 0) return 0
    const votersOf = (answer: string): ScoredOutcome[] => voting.filter((outcome) => outcome.answer === answer)
    const totals = answers.map((answer) =>
      votersOf(answer)
        .map(weightOf)
        .reduce((a, b) => a + b, 0),
    )
    const winners = answers.filter((_, i) => totals[i] === Math.max(...totals))
    return mean(winners.map((answer) => mean(votersOf(answer).map(({ reward }) => reward))))
  }

/** The squared distance from the best to the worst reward. */
export const spreadValue: GroupValue = (outcomes) => {
  const rewards = outcomes.map(({ reward }) => reward)
  return outcomes.length < 2 ? 0 : (Math.max(...rewards) - Math.min(...rewards)) ** 2
}

/** Whether the two samples of a pair give the same answer; the mean over the pairs of more. */
export const agreementValue =
  (unparsed: 'abstain' | 'vote' | 'wrong'): GroupValue =>
  (outcomes) => {
    const pairs = outcomes.flatMap(({ answer }, i) => outcomes.slice(i + 1).map((other) => [answer, other.answer]))
    return mean(pairs.map(([a, b]) => Number(a === b && (a !== undefined || unparsed === 'vote'))))
  }

/** An outcome with an answer or none, and a part of few sizes, or null: for votes that weigh. */
export const ballotOutcome = (by: string): fc.Arbitrary<ScoredOutcome> =>
  fc
    .record({ outcome: answerOutcome(), part: fc.option(fc.constantFrom(-1, 0, 0.5, 1, 2), { nil: null, freq: 4 }) })
    .map(({ outcome, part }) => ({ ...outcome, parts: { [by]: part } }))
