import { passAtKObjective } from '@posttrain/estimators'
import { both, inLoss, inReward, ratioWeighted, type KlPlacement } from '@posttrain/kl'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.js'
import { grpo, reinforcePlusPlus } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { penaltyRewards, withPenalty } from '../../../src/loops/online/kl-penalty.js'
import { settings, stepsOf } from '../../support/online.js'

const known = {
  sequences: [],
  old: [[Float64Array.of(-1, -2), Float64Array.of(-0.5)]],
  reference: [[Float64Array.of(-1.5, -1), Float64Array.of(-1)]],
  values: undefined,
}
const tasks = [{ id: 'a', prompt: 'a' }]
const row = (placement: KlPlacement): Algorithm => ({
  ...policyGradient(passAtKObjective({ k: 2 })),
  kl: { placement, coefficient: 0.1 },
})
const close = (found: Iterable<number>, expected: readonly number[]): void => {
  const values = [...found]
  expect(values).toHaveLength(expected.length)
  values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 14))
}

describe('penaltyRewards', () => {
  it('are −β·log(π/π_ref) of each chosen token', () => {
    const [group] = penaltyRewards(row(inReward({ value: 'k1' })), 0.2, known, tasks)!
    close(group![0]!, [-0.1, 0.2])
    close(group![1]!, [-0.1])
  })

  it('are those of a placement in both places, and of the exact KL where it is made of it', () => {
    const [group] = penaltyRewards(row(both({ value: 'k1', each: 0.5 })), 0.2, known, tasks)!
    close(group![0]!, [-0.05, 0.1])
    const exact = { ...known, klToReference: [[Float64Array.of(0.3, 0.1), Float64Array.of(0.2)]] }
    const [ofExact] = penaltyRewards(row(both({ value: 'rao-blackwell' })), 0.5, exact, tasks)!
    close(ofExact![0]!, [-0.15, -0.05])
  })

  it('are none of a penalty in the loss, and none without a penalty', () => {
    expect(penaltyRewards(row(inLoss({ value: 'k2' })), 0.1, known, tasks)).toBeUndefined()
    expect(penaltyRewards(row(ratioWeighted({ value: 'k3' })), 0.1, known, tasks)).toBeUndefined()
    expect(penaltyRewards(grpo({ klCoefficient: 0 }), undefined, known, tasks)).toBeUndefined()
  })
})

describe('withPenalty', () => {
  it('adds to each advantage the penalty less the mean of the others', () => {
    const penalties = [[Float64Array.of(1, 2), Float64Array.of(-1), Float64Array.of(4)]]
    const [group] = withPenalty([{ advantages: [10, Float64Array.of(20), 30] }], penalties)
    // 3 − 1.5, −1 − 3.5, 4 − 1
    close([group!.advantages[0] as number, ...(group!.advantages[1] as Float64Array)], [11.5, 15.5])
    close([group!.advantages[2] as number], [33])
  })

  it('has no baseline for a sample that is alone', () => {
    expect(withPenalty([{ advantages: [1] }], [[Float64Array.of(-0.5)]])).toEqual([{ advantages: [0.5] }])
  })
})

describe('a penalty in the reward', () => {
  it('leaves the rewards that an objective counts as they are', async () => {
    const penalised = row(inReward({ value: 'k1' }))
    const steps = await stepsOf({ ...settings({ steps: 12 }), algorithm: penalised })
    for (const { groups, reward } of steps) {
      const rewards = groups.flatMap(({ outcomes }) => outcomes.map((outcome) => outcome.reward))
      expect(rewards.every((one) => one === 0 || one === 1)).toBe(true)
      expect(reward).toBeCloseTo(rewards.reduce((a, b) => a + b) / rewards.length, 14)
    }
    const { outcomes, advantages } = steps.at(-1)!.groups.find(({ task }) => task.id === 'mixed')!
    const ofObjective = penalised.objective.advantages(outcomes).map((advantage) => outcomes.length * advantage)
    expect(advantages).not.toEqual(ofObjective)
    const total = (values: readonly unknown[]): number => values.reduce<number>((sum, value) => sum + Number(value), 0)
    expect(total(advantages)).toBeCloseTo(total(ofObjective), 12) // leave-one-out advantages add up to 0
  })

  it('goes by token into the returns of estimators by token', async () => {
    const [first, second] = await stepsOf({
      ...settings({ steps: 2 }),
      algorithm: reinforcePlusPlus({ klCoefficient: 5 }),
    })
    expect(
      first!.groups.flatMap(({ tokenRewards }) => tokenRewards!.flatMap((r) => [...r])).every((r) => r === 0),
    ).toBe(true)
    expect(
      second!.groups.flatMap(({ tokenRewards }) => tokenRewards!.flatMap((r) => [...r])).some((r) => r !== 0),
    ).toBe(true)
    expect(second!.groups.every(({ outcomes }) => outcomes.every(({ reward }) => reward === 0 || reward === 1))).toBe(
      true,
    )
  })
})
