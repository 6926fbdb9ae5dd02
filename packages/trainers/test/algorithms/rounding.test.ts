import type { RewardFunction } from '@posttrain/core'
import { createWasmDevice, isWasmSupported } from '@posttrain/compute'
import { TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import {
  generalisedAdvantage,
  grpo,
  reinforcePlusPlus,
  rloo,
  whitenedReturns,
  type Algorithm,
} from '@posttrain/trainers'
import { describe, expect, it } from 'vitest'
import { stepsOf } from '../support/online.js'

const words = ['0', '1', '2', '3', '.']
const config = { vocabulary: 5, context: 16, width: 16, layers: 2, heads: 2, hidden: 32, activation: 'gelu' } as const
const prompts = ['0 1', '2 3', '1 1', '3 0']
const tasks = prompts.map((prompt) => ({ id: prompt, prompt }))
const always = (value: (index: number) => number): RewardFunction => ({
  name: 'constant',
  score: async (_, samples) => samples.map(({ index }) => ({ kind: 'scored', reward: value(index) })),
})

const { kl } = rloo({ klCoefficient: 0.04 })
/** Rows that divide by a deviation, with a KL in the reward: at the reference it is the rounding of two forward passes. */
const rows: readonly (readonly [string, Algorithm])[] = [
  ['reinforce++', reinforcePlusPlus()],
  [
    'reinforce++ above the group mean',
    { ...reinforcePlusPlus(), advantages: whitenedReturns({ groupBaseline: true }) },
  ],
  ['grpo with the KL in the reward', { ...grpo({ klCoefficient: 0 }), kl }],
  ['rloo, which divides by nothing', rloo({ klCoefficient: 0.03 })],
]

describe.skipIf(!isWasmSupported())('step 0 on a transformer, all rewards equal (needs WebAssembly with SIMD)', () => {
  const gradientNormOf = async (algorithm: Algorithm, reward: RewardFunction): Promise<number> => {
    const device = await createWasmDevice()
    const policy = new TransformerPolicy({ device, config, tokenizer: wordTokenizer(words, '.'), seed: 3 })
    const sampling = { maxTokens: 8 }
    const [step] = await stepsOf({ policy, tasks, reward, algorithm, sampling, samplesPerPrompt: 8, steps: 1, seed: 1 })
    return step!.gradientNorm!
  }

  it.each(rows)('%s takes no step', async (_, algorithm) => {
    expect(
      await gradientNormOf(
        algorithm,
        always(() => 0),
      ),
    ).toBeLessThan(1e-6)
    // The same sum in another order, and a constant that a mean in floating point misses.
    expect(
      await gradientNormOf(
        algorithm,
        always((i) => (i % 3 === 0 ? 0.1 + 0.2 : 0.3)),
      ),
    ).toBeLessThan(1e-6)
    expect(
      await gradientNormOf(
        algorithm,
        always((i) => (i % 2 === 0 ? 1 : 0)),
      ),
    ).toBeGreaterThan(0.1)
  })
})

describe('advantages of groups whose rewards all agree', () => {
  it('are 0 for every pair of rewards in hundredths, above the group mean', () => {
    const usage = { promptTokens: 1, completionTokens: 1 }
    const groupOf = (reward: number) => ({
      task: tasks[0]!,
      samples: Array.from({ length: 8 }, (_, index) => ({
        ...{ id: 'x', taskId: 'x', index, seed: 0, text: 'a', tokens: [0], finish: 'stop' as const, usage },
      })),
      outcomes: Array.from({ length: 8 }, () => ({ kind: 'scored' as const, reward })),
    })
    const rule = whitenedReturns({ groupBaseline: true })
    const wrong: string[] = []
    for (let i = 0; i < 100; i++) {
      for (let j = 0; j < i; j++) {
        const assigned = rule.advantages([groupOf(i / 100), groupOf(j / 100)])
        const isZero = assigned.every(({ advantages }) => advantages.every((of) => (of as Float64Array)[0] === 0))
        if (!isZero) wrong.push(`${i / 100} and ${j / 100}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('are 0 for a critic that is right but for rounding', () => {
    const usage = { promptTokens: 1, completionTokens: 2 }
    const group = {
      task: tasks[0]!,
      samples: [0, 1].map((index) => ({
        ...{ id: 'x', taskId: 'x', index, seed: 0, text: 'a', tokens: [0, 1], finish: 'stop' as const, usage },
      })),
      outcomes: [0.1 + 0.2, 0.3].map((reward) => ({ kind: 'scored' as const, reward })),
      values: [0, 1].map(() => Float64Array.of(0.3, 0.3)),
    }
    const [assigned] = generalisedAdvantage({ whiten: true }).advantages([group])
    for (const advantage of assigned!.advantages as Float64Array[]) {
      for (const value of advantage) expect(Math.abs(value)).toBeLessThan(1e-7)
    }
  })
})
