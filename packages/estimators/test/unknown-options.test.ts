import { describe, expect, it } from 'vitest'
import {
  bootstrapInterval,
  grpoAdvantages,
  isVoteDecided,
  majorityAtK,
  majorityAtKFromCounts,
  majorityObjective,
  meanInterval,
  overOptimisationLaw,
  passAtKObjective,
} from '@posttrain/estimators'
import { votes } from './outcomes.js'

/** What comes from a configuration file has no type. */
const unchecked = (value: string): never => value as never

describe('options that are one of a few texts', () => {
  it.each<[string, () => unknown]>([
    [
      'baseline must be one of none, leave-one-out, leave-one-out-minus-one, leave-two-out, but is "mean"',
      () => passAtKObjective({ k: 2, baseline: unchecked('mean') }),
    ],
    [
      'ties must be one of share, strict, first, but is "random"',
      () => majorityAtK(votes('AB'), 1, { ties: unchecked('random') }),
    ],
    [
      'ties must be one of share, strict, but is "first"',
      () => majorityAtKFromCounts([{ count: 2, reward: 1 }], 1, { ties: unchecked('first') }),
    ],
    [
      'unparsed must be one of abstain, vote, wrong, but is "drop"',
      () => majorityObjective({ k: 2, unparsed: unchecked('drop') }),
    ],
    [
      'method must be one of score, student-t, percentile, bca, but is "wald"',
      () => meanInterval([0, 1], { method: unchecked('wald') }),
    ],
    [
      'method must be one of percentile, bca, but is "basic"',
      () => bootstrapInterval([0, 1], { method: unchecked('basic') }),
    ],
    [
      'criterion must be one of beta, dirichlet, but is "entropy"',
      () => isVoteDecided([1], { criterion: unchecked('entropy') }),
    ],
    ['form must be one of best-of-n, rl, but is "bon"', () => overOptimisationLaw(unchecked('bon'), 1, 1)],
    ['kind must be one of sample, population, but is "robust"', () => grpoAdvantages(unchecked('robust'))],
  ])('%s', (message, call) => {
    expect(call).toThrow(message)
  })
})
