import { requireInteger, withoutReference } from '@posttrain/core'
import type { ObjectiveProcedure, RewardFunction } from '@posttrain/core'
import { votersByAnswer, weightedMajorityObjective, weightedVote } from '@posttrain/estimators'
import type { Ballot, Weighing } from '@posttrain/estimators'
import { askReward } from '../ask-reward.js'
import { requireBy } from '../checks/require-functions.js'
import { decide } from '../internal/decide.js'
import { drawUntil } from '../internal/draw-until.js'
import { answersOf, tieStream } from '../internal/voters.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** A vote of k samples, and what their votes weigh. */
export interface WeightedMajorityVoteOptions extends Omit<VoteReading, 'ties'> {
  /** Samples that vote. */
  readonly k: number
  /** What a vote weighs, for instance a reward model's score or a log-prob; a sample without one has no vote. */
  readonly by: RewardFunction
  /** Makes weights of the scores, for instance `bordaWeights(0.5)` for ranks (default: the scores are the weights). */
  readonly weigh?: Weighing | undefined
}

/**
 * Weighted majority vote: draws k samples and answers with the answer whose votes weigh most, argmaxₐ Σ_{aᵢ=a} wᵢ, one
 * of tied answers at random. With `bordaWeights` it is the Borda vote of Kang et al. 2025
 * (https://arxiv.org/abs/2502.18581).
 *
 * Its objective is `weightedMajorityObjective`, on answers that are read alike.
 *
 * @returns a procedure named as its objective, for instance `weighted-maj@K by NAME`; a decision's `answer` is the
 *   winning key and its `sample` the first that voted for it
 * @throws PosttrainError `invalid-argument` for a k that is not a positive integer or a missing `by`
 * @example
 * ```ts
 * const by: RewardFunction = {
 *   name: 'short',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: 1 / text.length })),
 * }
 * weightedMajorityVote({ k: 8, by }).objective.name // => 'weighted-maj@8 by short'
 * ```
 */
export function weightedMajorityVote(options: WeightedMajorityVoteOptions): ObjectiveProcedure {
  const { k, by, weigh } = options
  const { answerOf, unparsed } = checkedReading('weightedMajorityVote', options)
  requireInteger('k', k, { min: 1 })
  requireBy('weightedMajorityVote', by)
  const objective = weightedMajorityObjective({ k, by: by.name, weigh, unparsed })
  return {
    name: objective.name,
    objective,
    answerOf,
    by,
    async run(sampler, task, runOptions = {}) {
      const drawn = await drawUntil(sampler, task, { most: k }, runOptions)
      const { samples } = drawn
      const classes = votersByAnswer(answersOf(samples, task, answerOf), unparsed)
      const outcomes = await askReward(by, withoutReference(task), samples, runOptions)
      const ballots: Ballot[] = samples.map(() => ({ reward: 0, weight: 0 }))
      classes.forEach(({ voters }, place) => {
        for (const i of voters) {
          const outcome = outcomes[i]!
          if (outcome.kind === 'scored') ballots[i] = { answer: String(place), reward: 0, weight: outcome.reward }
        }
      })
      const { winners, totals } = weightedVote(ballots, weigh)
      const won = winners.length > 1 ? tieStream(task, runOptions).integer(winners.length) : 0
      const place = winners[won]
      const base = { task, drawn, outcomes }
      if (place === undefined) {
        return decide({
          ...base,
          sample: undefined,
          reason: `none of ${samples.length} samples has a vote that weighs`,
        })
      }
      const { answer } = classes[Number(place)]!
      if (answer === undefined && unparsed === 'wrong') {
        return decide({ ...base, sample: undefined, reason: 'the sample that wins has no answer, which is wrong' })
      }
      const said = answer === undefined ? 'no answer' : `the answer ${answer}`
      const tied = winners.length > 1 ? `, picked at random from ${winners.length} tied answers` : ''
      const reason = `${said} weighs ${totals.get(place)} among ${samples.length} samples${tied}`
      const sample = samples[ballots.findIndex((ballot) => ballot.answer === place)]
      return { ...decide({ ...base, sample, reason }), answer }
    },
  }
}
