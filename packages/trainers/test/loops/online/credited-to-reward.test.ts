import { inLoss, inReward } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import type { Algorithm, KlPenalty } from '../../../src/algorithms/algorithm.js'
import { reinforcePlusPlus, rloo } from '../../../src/algorithms/mean-reward.js'
import { creditedToReward } from '../../../src/loops/online/credited-to-reward.js'
import { groupOf } from '../../advantages/token-groups.js'

const groups = [groupOf([[2, 1], [1, 0]])] // prettier-ignore
const known = {
  sequences: [],
  old: [[Float64Array.of(-1, -2), Float64Array.of(-0.5)]],
  reference: [[Float64Array.of(-1.5, -1), Float64Array.of(-1)]],
  values: undefined,
}
const withKl = (row: Algorithm, kl: Partial<KlPenalty> = {}): Algorithm => ({
  ...row,
  kl: { placement: inReward({ value: 'k1' }), coefficient: 0.1, credit: 'reward', ...kl },
})

describe('creditedToReward', () => {
  it('takes β·log(π/π_ref) of a whole sequence off its reward', () => {
    const [credited] = creditedToReward(withKl(rloo()), 0.1, groups, known)
    // log-ratios: 0.5 − 1 = −0.5 and 0.5
    const rewards = credited!.outcomes.map(({ reward }) => reward)
    ;[1 + 0.1 * 0.5, 0 - 0.1 * 0.5].forEach((reward, i) => expect(rewards[i]).toBeCloseTo(reward, 14))
    expect(credited!.tokenRewards).toBeUndefined()
    expect(groups[0]!.outcomes.map(({ reward }) => reward)).toEqual([1, 0]) // what was given is as it was
  })

  it('gives it to each token for estimators that work by token', () => {
    const [credited] = creditedToReward(withKl(reinforcePlusPlus()), 0.2, groups, known)
    expect(credited!.outcomes).toEqual(groups[0]!.outcomes)
    const expected = [-0.1, 0.2, -0.1]
    credited!
      .tokenRewards!.flatMap((rewards) => [...rewards])
      .forEach((r, i) => expect(r).toBeCloseTo(expected[i]!, 14))
  })

  it('leaves groups alone without a penalty, or with one that is credited to the loss', () => {
    expect(creditedToReward(rloo(), undefined, groups, known)).toBe(groups)
    const inTheLoss = withKl(rloo(), { placement: inLoss({ value: 'k2' }), credit: 'loss' })
    expect(creditedToReward(inTheLoss, 0.1, groups, known)).toBe(groups)
  })
})
