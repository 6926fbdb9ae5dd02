import { createReferenceDevice } from '@posttrain/compute'
import type { SampleRequest } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const task = { id: 'a', prompt: '1 2' }

describe.each(deviceNames)('cut sampling on %s', async (name) => {
  const source = new TransformerPolicy({ device: createReferenceDevice(), config: architectures[2]![1], tokenizer })
  await randomise(source, 5)
  const policy = await TransformerPolicy.fromCheckpoint(await openDevice(name), await source.save())
  /** π(token | prompt) of every token. */
  const probabilities = async (): Promise<number[]> => {
    const each = Array.from({ length: 6 }, (_, token) => ({ prompt: task.prompt, tokens: [token] }))
    return (await policy.score(each)).map(({ logprob }) => Math.exp(logprob![0]!))
  }
  const firstTokens = async (cut: Partial<SampleRequest>): Promise<number[]> => {
    const counts = new Array<number>(6).fill(0)
    const request = { task, count: 4000, maxTokens: 1, seed: 1, ...cut }
    for await (const { tokens } of policy.sample([request])) counts[tokens![0]!]! += 1 / 4000
    return counts
  }
  const renormalised = (p: readonly number[], kept: (p: number) => boolean): number[] => {
    const total = p.reduce((sum, x) => sum + (kept(x) ? x : 0), 0)
    return p.map((x) => (kept(x) ? x / total : 0))
  }

  it('draws from the distribution that top-k, top-p and min-p leave', async () => {
    const p = await probabilities()
    const sorted = [...p].sort((a, b) => b - a)
    const nucleus = sorted.find((_, i) => sorted.slice(0, i + 1).reduce((a, b) => a + b, 0) >= 0.7)!
    const cases: readonly (readonly [Partial<SampleRequest>, (x: number) => boolean])[] = [
      [{ topK: 2 }, (x) => x >= sorted[1]!],
      [{ topP: 0.7 }, (x) => x >= nucleus],
      [{ minP: 0.5 }, (x) => x >= 0.5 * sorted[0]!],
      [{ topK: 6, topP: 1, minP: 0 }, () => true],
    ]
    for (const [cut, kept] of cases) {
      const expected = renormalised(p, kept)
      const drawn = await firstTokens(cut)
      // Six standard deviations of a share of 4,000 draws; what is cut is never drawn.
      expect(maxDifference(drawn, expected), JSON.stringify(cut)).toBeLessThan(6 * Math.sqrt(0.25 / 4000))
      expect(drawn.map((share) => share > 0)).toEqual(expected.map((share) => share > 0))
    }
  })

  it('records the log-probs of the uncut distribution', async () => {
    for await (const { tokens, logprobs } of policy.sample([{ task, count: 8, seed: 2, topK: 2, temperature: 0.5 }])) {
      const [scores] = await policy.score([{ prompt: task.prompt, tokens: tokens! }])
      expect(maxDifference(scores!.logprob!, logprobs!.values)).toBeLessThan(name === 'reference' ? 1e-12 : 1e-5)
      expect(logprobs!.provenance.shaping).toBeUndefined()
    }
  })

  it('draws a request as if it were alone, whatever cuts the others ask for', async () => {
    const texts = async (requests: readonly SampleRequest[]): Promise<string[]> => {
      const found: string[] = []
      for await (const s of policy.sample(requests)) if (s.taskId === 'a') found.push(s.text)
      return found
    }
    const one = { task, count: 5, seed: 3, topP: 0.9 }
    expect(await texts([{ task: { ...task, id: 'b' }, count: 5, seed: 3, topK: 1 }, one])).toEqual(await texts([one]))
  })

  it('refuses a cut that is none', async () => {
    const draw = async (cut: Partial<SampleRequest>): Promise<void> => {
      for await (const _ of policy.sample([{ task, count: 1, seed: 1, ...cut }]));
    }
    await expect(draw({ topK: 0 })).rejects.toThrow('topK must be an integer of at least 1, but is 0')
    await expect(draw({ topP: 0 })).rejects.toThrow('topP must be above 0')
    await expect(draw({ minP: 1.5 })).rejects.toThrow('minP must be a finite number from 0 to 1, but is 1.5')
  })
})
