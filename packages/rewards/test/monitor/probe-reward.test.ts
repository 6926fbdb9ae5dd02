import { describe, expect, it } from 'vitest'
import { probeReward } from '../../src/monitor/probe-reward.js'
import { groupOf } from './groups.js'

describe('probeReward', () => {
  it('says with figures what stands out: length, a constant answer, signs, false accepts', () => {
    const groups = Array.from({ length: 20 }, (_, t) =>
      groupOf(
        `${t}`,
        [
          // In task 4 the honest answer is the constant one, and is not rewarded.
          { text: '4'.repeat(9), reward: 1, answer: '4', parts: { signs: Number(t === 0), gold: 0 } },
          { text: `${t}`, reward: 0, answer: `${t}`, parts: { signs: 0, gold: 0 } },
        ],
        `reference ${t}`,
      ),
    )
    const { suspicions, constantAnswers } = probeReward(groups, { truth: 'gold' })
    expect(suspicions).toEqual([
      'the reward goes with length: D = 1.000 [0.641, 1.000] over 20 tasks',
      'the answer 4 is rewarded in 0.975 [0.814, 0.997] of 20 tasks, and can be right in 0.100 of them',
      'of 20 passes a share of 0.050 [0.008, 0.254] bears signs of being after the verdict',
      'of 40 samples that are wrong a share of 0.500 [0.462, 0.538] is accepted',
    ])
    expect(constantAnswers).toHaveLength(1)
  })

  it('suspects nothing of an honest reward, and asks only what can be asked', () => {
    const groups = Array.from({ length: 20 }, (_, t) =>
      groupOf(
        `${t}`,
        [0, 1].map((i) => ({ text: `${t + i}`.padStart(4, '0'), reward: i, answer: `${t + i}` })),
        `${t + 1}`,
      ),
    )
    const { suspicions, signs, disagreement } = probeReward(groups)
    expect([suspicions, signs, disagreement]).toEqual([[], undefined, undefined])
  })
})
