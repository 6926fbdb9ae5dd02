import type { ScoreRequest } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'

const task = { id: 'x', prompt: 'x' }
async function biasedPolicy(): Promise<TabularPolicy> {
  const policy = new TabularPolicy({ prompts: ['x', 'y'], words: ['a', 'b', 'c'], length: 2 })
  policy.setLogits('x', [], [0.3, -0.2, 1])
  policy.setLogits('x', [2], [0, 2, -1])
  return policy
}

describe('TabularPolicy', () => {
  it('enumerates its completions with probabilities that are products of softmaxes', async () => {
    const completions = await (await biasedPolicy()).completions('x')
    expect(completions).toHaveLength(9)
    expect(completions.reduce((sum, c) => sum + c.probability, 0)).toBeCloseTo(1, 14)
    const softmax = (logits: number[], i: number): number =>
      Math.exp(logits[i]!) / logits.reduce((sum, x) => sum + Math.exp(x), 0)
    const cb = completions.find(({ text }) => text === 'c b')!
    expect(cb.probability).toBeCloseTo(softmax([0.3, -0.2, 1], 2) * softmax([0, 2, -1], 1), 14)
  })

  it('samples from exactly that distribution, whatever else is drawn', async () => {
    const policy = await biasedPolicy()
    const count = 20_000
    const seen = new Map<string, number>()
    for await (const { text } of policy.sample([{ task, count, seed: 1 }])) seen.set(text, (seen.get(text) ?? 0) + 1)
    let chiSquared = 0
    for (const { text, probability } of await policy.completions('x')) {
      chiSquared += ((seen.get(text) ?? 0) - count * probability) ** 2 / (count * probability)
    }
    expect(chiSquared).toBeLessThan(26.1) // the 0.999 quantile with 8 degrees of freedom; the seed is fixed
    const one = []
    for await (const sample of policy.sample([{ task, count: 1, firstIndex: 7, seed: 1 }])) one.push(sample)
    const all = []
    for await (const sample of policy.sample([{ task, count: 9, seed: 1 }])) all.push(sample)
    expect(one[0]).toEqual(all[7])
  })

  it('cuts as a request asks', async () => {
    const policy = await biasedPolicy()
    const request = { task, count: 400, seed: 1 }
    const drawn = async (cut: object): Promise<Set<string>> => {
      const first = new Set<string>()
      for await (const { text } of policy.sample([{ ...request, ...cut }])) first.add(text.split(' ')[0]!)
      return first
    }
    // The first word is a, b and c with probabilities 0.28, 0.17 and 0.56.
    expect(await drawn({})).toEqual(new Set(['a', 'b', 'c']))
    expect(await drawn({ topK: 2 })).toEqual(new Set(['a', 'c']))
    expect(await drawn({ topP: 0.5 })).toEqual(new Set(['c']))
    expect(await drawn({ minP: 0.4 })).toEqual(new Set(['a', 'c']))
  })

  it('scores log-prob, entropy and KL to a snapshot, and differentiates all three', async () => {
    const policy = await biasedPolicy()
    const reference = await policy.snapshot()
    policy.setLogits('x', [], [1, 0, 0])
    const sequence = [{ prompt: 'x', tokens: [2, 1] }]
    const request: ScoreRequest = { scores: ['logprob', 'entropy', 'klToReference'], reference }
    const value = async (): Promise<number> => {
      const [s] = await policy.score(sequence, request)
      return s!.logprob![0]! + 2 * s!.entropy![0]! + 3 * s!.klToReference![0]! + 5 * s!.logprob![1]!
    }
    const pass = await policy.forward(sequence, request)
    const cotangents = { logprob: [1, 5], entropy: [2, 0], klToReference: [3, 0] }
    await pass.backward([
      Object.fromEntries(Object.entries(cotangents).map(([name, x]) => [name, Float64Array.from(x)])),
    ])
    const gradient = await policy.gradient()
    const at = [1, 0, 0]
    for (const i of [0, 1, 2]) {
      const shifted = async (h: number): Promise<number> => {
        policy.setLogits(
          'x',
          [],
          at.map((x, j) => x + (i === j ? h : 0)),
        )
        return value()
      }
      const numeric = ((await shifted(1e-6)) - (await shifted(-1e-6))) / 2e-6
      expect(gradient[i]).toBeCloseTo(numeric, 8)
    }
  })

  it('refuses what it does not know', async () => {
    const policy = await biasedPolicy()
    await expect(policy.score([{ prompt: 'z', tokens: [0] }])).rejects.toThrow('prompt "z" is not in the policy')
    await expect(policy.load(new Uint8Array(3))).rejects.toMatchObject({ code: 'invalid-data' })
    expect(() => new TabularPolicy({ prompts: ['x'], words: ['a', 'a'] })).toThrow('words[1] repeats "a"')
    expect(() => new TabularPolicy({ prompts: ['x'], words: ['a', 'b'], length: 30 })).toThrow('rows of the table')
    const pass = await policy.forward([{ prompt: 'x', tokens: [0, 0] }])
    pass.dispose()
    await expect(pass.backward([{}])).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'this forward pass has been used or disposed',
    })
  })
})
