import { mean } from '@posttrain/core'
import type { ScoredOutcome } from '@posttrain/core'
import { answerClasses } from '../answer-classes.js'
import type { AnswerClass } from '../answer-classes.js'
import { binomialWeights } from '../binomial-weights.js'
import { pluralitySum } from '../plurality.js'
import type { VoteClass } from '../plurality-vote.js'
import { allEqual } from '../rewards.js'
import type { TiePolicy, UnparsedPolicy } from '../vote-rules.js'
import { leaveOneOutMeanAdvantages } from './mean.js'

/**
 * Aᵢ = (k/n) · E[f(B ∪ i) − f(B)] over the subsets B of k−1 other samples, f the reward of the plurality: the
 * leave-one-out advantage of Tang et al. (https://arxiv.org/abs/2503.19595) averaged over every k-subset that contains
 * sample i, by two runs of the plurality programme per answer.
 *
 * Independent samples come in no order, so the answer seen `first` is any of the tied ones alike and its gradient is
 * that of `share`. For k = 1 there is no vote without i, and the baseline is the mean of the others.
 */
export function majorityAdvantages(
  outcomes: readonly ScoredOutcome[],
  k: number,
  { ties, unparsed }: { readonly ties: TiePolicy; readonly unparsed: UnparsedPolicy },
): number[] {
  const n = outcomes.length
  const { classes, abstaining } = answerClasses(outcomes, unparsed)
  const rewards = new Float64Array(n) // abstaining samples and wrong answers are worth 0
  for (const { members, rewards: own } of classes) members.forEach((i, j) => (rewards[i] = own[j]!))
  if (k === 1) return leaveOneOutMeanAdvantages(rewards)
  const rule = ties === 'strict' ? 'strict' : 'share'
  // Every vote is then worth the same, with or without i; only a strict tie is worth another.
  if (rule === 'share' && allEqual(rewards)) return new Array<number>(n).fill(0)

  const advantages = new Array<number>(n).fill(0) // who abstains changes no vote
  const others = classes.map(({ rewards: own }): VoteClass => {
    const average = mean(own)
    return { weights: binomialWeights(own.length, k - 1, n - k), reward: () => average }
  })
  const abstentions = binomialWeights(abstaining, k - 1, n - k)
  const total = binomialWeights(n - 1, k - 1, n - k)[k - 1]!
  const voteOf = (c: number, own: VoteClass, votes: number): number =>
    pluralitySum({ classes: others.map((other, j) => (j === c ? own : other)), abstentions, total: votes }, rule) /
    total
  classes.forEach((voteClass, c) => {
    const known = new Map<number, number>()
    voteClass.members.forEach((i, position) => {
      const reward = voteClass.rewards[position]!
      let advantage = known.get(reward)
      if (advantage === undefined) {
        const { withSample, without } = classAround(voteClass, position, k, n)
        advantage = (k / n) * (voteOf(c, withSample, k) - voteOf(c, without, k - 1))
        known.set(reward, advantage)
      }
      advantages[i] = advantage
    })
  })
  return advantages
}

/** The answer of one sample when k−1 of the other n−1 are drawn: with the sample's own vote added, and without. */
function classAround(
  { rewards }: AnswerClass,
  position: number,
  k: number,
  n: number,
): { withSample: VoteClass; without: VoteClass } {
  const reward = rewards[position]!
  const companions = rewards.filter((_, j) => j !== position)
  const average = companions.length === 0 ? 0 : mean(companions)
  const weights = binomialWeights(companions.length, k - 1, n - k)
  const shifted = new Float64Array(weights.length + 1)
  shifted.set(weights, 1)
  return {
    withSample: { weights: shifted, reward: (votes) => average + (reward - average) / votes },
    without: { weights, reward: () => average },
  }
}
