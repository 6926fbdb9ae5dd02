import { createStream } from '@posttrain/core'
import type { TaskValue } from '@posttrain/estimators'
import { inLoss } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { forgetting } from '../../src/guards/forgetting.js'
import { replay } from '../../src/guards/replay.js'
import { klLoss, sumOfLosses, supervisedLoss } from '@posttrain/losses'
import { trainOffline } from '../../src/loops/offline/train-offline.js'
import type { TrainOfflineOptions } from '../../src/loops/offline/settings.js'

const evaluation = (...values: number[]): TaskValue[] => values.map((value) => ({ value, samples: 4 }))
const unscored = 'throw' as const

describe('forgetting', () => {
  const evaluations = [evaluation(0.8, 0.5, 0.2), evaluation(0.6, 0.9, 0.1), evaluation(0.5, 0.6, 0.4)]

  it('is the mean over tasks of the best evaluation so far less the last', () => {
    const { value, tasks, name, interval } = forgetting(evaluations, { unscored })
    expect(value).toBeCloseTo((0.3 + 0.3 - 0.2) / 3, 12)
    expect([tasks, name, interval.method]).toEqual([3, 'forgetting', 'student-t'])
    // mean ± 4.3027 s/√3 with s = 0.288675
    expect(interval.lower).toBeCloseTo(0.4 / 3 - (4.302653 * Math.sqrt(1 / 12)) / Math.sqrt(3), 6)
    const since = forgetting(evaluations, { unscored, since: 'first' })
    expect(since.value).toBeCloseTo((0.3 - 0.1 - 0.2) / 3, 12)
  })

  it('is biased upwards by chance against the best, and not against the first', () => {
    const runs = 300
    const stream = createStream(1, 'forgetting')
    const noisy = (): TaskValue[] =>
      Array.from({ length: 40 }, () => {
        const right = [0, 1, 2, 3].filter(() => stream.uniform() < 0.5).length
        return { value: right / 4, samples: 4 }
      })
    let [best, first, covered] = [0, 0, 0]
    for (let run = 0; run < runs; run++) {
      const seen = Array.from({ length: 5 }, noisy)
      best += forgetting(seen, { unscored }).value / runs
      const since = forgetting(seen, { unscored, since: 'first' })
      first += since.value / runs
      covered += since.interval.lower <= 0 && since.interval.upper >= 0 ? 1 / runs : 0
    }
    // E max of four means of four coins is 0.7505: the fourth power of the binomial distribution function. Standard errors:
    // √(1/8/40/300) = 0.0032 and √(0.95 · 0.05/300) = 0.013.
    const cdf = [1, 5, 11, 15, 16].map((x) => (x / 16) ** 4)
    const expected = cdf.reduce((sum, x) => sum + (1 - x) / 4, 0) - 0.5
    expect(expected).toBeGreaterThan(0.2)
    expect(Math.abs(best - expected)).toBeLessThan(0.013)
    expect(Math.abs(first)).toBeLessThan(0.013)
    expect(covered).toBeGreaterThan(0.91)
  })

  it('refuses what it cannot compare', () => {
    expect(() => forgetting([evaluation(1, 0)], { unscored })).toThrow('at least two evaluations, but there are 1')
    expect(() => forgetting([evaluation(1, 0), evaluation(1)], { unscored })).toThrow('evaluations[0] must have 1')
  })
})

describe('holding forgetting down', () => {
  const prompts = ['p', 'q', 'r', 's']
  const OLD = 0
  const NEW = 1
  const fresh = prompts.slice(0, 3).map((prompt) => ({ prompt, tokens: [NEW] }))
  const retained = prompts.map((prompt) => ({ prompt, tokens: [OLD] }))
  const start = [2, 0, 0].map((x) => Math.exp(x) / (Math.exp(2) + 2))

  /** Teaches a new answer to three prompts of four. @returns forgetting of the old ones, and the probabilities at the first */
  async function taught(change: Partial<TrainOfflineOptions>): Promise<{ forgotten: number; probabilities: number[] }> {
    const policy = new TabularPolicy({ prompts, words: ['old', 'new', 'other'] })
    for (const prompt of prompts) policy.setLogits(prompt, [], [2, 0, 0])
    const accuracy = async (): Promise<TaskValue[]> =>
      Promise.all(prompts.map(async (p) => ({ value: (await policy.completions(p))[OLD]!.probability, samples: 1 })))
    const evaluations = [await accuracy()]
    const optimizer = { learningRate: (step: number) => 0.1 * 0.99 ** step }
    const base = { model: policy, loss: supervisedLoss(), batch: () => fresh, steps: 600, optimizer }
    for await (const event of trainOffline({ ...base, reference: await policy.snapshot(), ...change })) {
      if (event.kind === 'stopped') throw event.reason
      if (event.step % 100 === 99) evaluations.push(await accuracy())
    }
    const { value } = forgetting(evaluations, { unscored })
    return { forgotten: value, probabilities: (await policy.completions('p')).map(({ probability }) => probability) }
  }
  const withKl = (beta: number): Partial<TrainOfflineOptions> => ({
    loss: sumOfLosses([
      { loss: supervisedLoss() },
      { loss: klLoss(inLoss({ value: 'rao-blackwell' }), beta, { reuseSamples: true }) },
    ]),
  })

  it('plain fine-tuning forgets nearly all it can', async () => {
    const { forgotten, probabilities } = await taught({})
    expect(probabilities[NEW]).toBeGreaterThan(0.98)
    expect(forgotten).toBeGreaterThan(0.72 * start[OLD]!)
    expect(forgotten).toBeLessThan(0.75 * start[OLD]! + 1e-9)
  })

  it('a KL penalty reduces it, the more the larger, and ends where the penalised loss has its minimum', async () => {
    const results = [await taught({}), await taught(withKl(0.5)), await taught(withKl(2))]
    const lost = results.map(({ forgotten }) => forgotten)
    expect(lost[1]).toBeLessThan(0.65 * lost[0]!)
    expect(lost[2]).toBeLessThan(0.6 * lost[1]!)
    ;[0.5, 2].forEach((beta, i) => {
      const { probabilities: p } = results[i + 1]!
      const kl = p.reduce((sum, x, y) => sum + x * Math.log(x / start[y]!), 0)
      // ∂/∂θ_y of −log π(new) + β KL(π ‖ π_ref), zero at the minimum.
      p.forEach((x, y) => {
        const slope = x - (y === NEW ? 1 : 0) + beta * x * (Math.log(x / start[y]!) - kl)
        expect(Math.abs(slope)).toBeLessThan(1e-3)
      })
      expect(p[NEW]).toBeGreaterThan(start[NEW]!)
    })
  })

  it('replay reduces it to what the mixture of the data says', async () => {
    const share = 0.5
    const { forgotten, probabilities } = await taught({ batch: replay(() => fresh, { retained, share, seed: 1 }) })
    // Per step and prompt 1 new item and on average 3/4 retained ones: the likeliest policy says old in 3/7 of cases.
    expect(probabilities[OLD]).toBeGreaterThan(3 / 7 - 0.05)
    expect(probabilities[OLD]).toBeLessThan(3 / 7 + 0.05)
    const plain = (await taught({})).forgotten
    expect(forgotten).toBeLessThan(0.6 * plain)
  })
})
