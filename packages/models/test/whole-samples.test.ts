import { createReferenceDevice } from '@posttrain/compute'
import { asPiece, scoreOf, sequenceOf, type Policy, type SampleRequest } from '@posttrain/core'
import { TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { architectures, tokenizer } from './support/architectures.js'
import { collect, firstOf } from './support/collect.js'
import { deviceNames, openDevice } from './support/devices.js'
import { maxDifference } from './support/max-difference.js'
import { randomise } from './support/weights.js'

const words = ['0', '1', '2', '3', '4', '.']
const task = { id: 'a', prompt: '1 2' }

/** A table and a transformer of the same six words. */
const policies: readonly (readonly [string, number, () => Promise<Policy>])[] = [
  [
    'a table',
    1e-12,
    async () => {
      const policy = new TabularPolicy({ prompts: [task.prompt, '4'], words, length: 6, end: '.' })
      for (const prefix of [[], [3], [3, 4], [1]]) policy.setLogits(task.prompt, prefix, [1, 0.5, -1, 2, 1.5, -1])
      return policy
    },
  ],
  ...deviceNames.map(
    (name) =>
      [
        `a transformer on ${name}`,
        name === 'reference' ? 1e-12 : 1e-5,
        async () => {
          const config = { ...architectures[2]![1], context: 60 }
          const source = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
          await randomise(source, 5)
          return TransformerPolicy.fromCheckpoint(await openDevice(name), await source.save())
        },
      ] as const,
  ),
]

describe.each(policies)('samples of %s', (_, tolerance, make) => {
  it('without a prefix have no mask and no prompt of their own', async () => {
    const policy = await make()
    for (const sample of await collect(policy, [{ task, count: 6, seed: 3, maxTokens: 4 }])) {
      expect(sample).toMatchObject({ id: 'a', taskId: 'a', seed: 3 })
      expect([sample.mask, sample.prompt, sample.stoppedBy]).toEqual([undefined, undefined, undefined])
      expect(sample.text).toBe(tokenizer.decode(sample.tokens!))
      expect(sample.textEnds).toEqual(sample.tokens!.map((_token, t) => 2 * t + 1))
      expect(sample.usage.completionTokens).toBe(sample.tokens!.length)
    }
  })

  it('with a prefix are whole completions, with the log-probs of a pass over the drawn tokens', async () => {
    const policy = await make()
    const plain = (await collect(policy, [{ task, count: 1, seed: 1, maxTokens: 1 }]))[0]!
    for (const piece of [{ text: '3 4' }, { text: '3 4', tokens: [3, 4] }]) {
      const samples = await collect(policy, [{ task, count: 8, seed: 1, prefix: [piece], maxTokens: 3 }])
      expect(new Set(samples.map(({ text }) => text)).size).toBeGreaterThan(2)
      for (const sample of samples) {
        const drawn = sample.tokens!.slice(2)
        expect(sample.tokens!.slice(0, 2)).toEqual([3, 4])
        expect([...sample.mask!]).toEqual([0, 0, ...drawn.map(() => 1)])
        expect(sample.text).toBe(`3 4 ${tokenizer.decode(drawn)}`)
        expect(sample.textEnds).toEqual(sample.tokens!.map((_token, t) => 2 * t + 1))
        expect(sample.usage).toEqual({ promptTokens: plain.usage.promptTokens + 2, completionTokens: drawn.length })
        expect(drawn.length).toBeLessThanOrEqual(3)
        const [scores] = await policy.score([sequenceOf(task, sample)])
        expect(scoreOf(scores!, 'logprob')).toHaveLength(drawn.length)
        expect(maxDifference(scoreOf(scores!, 'logprob'), sample.logprobs!.values)).toBeLessThan(tolerance)
      }
    }
  })

  it('draw after a prefix what they would have drawn there: the greedy completion, cut anywhere', async () => {
    const policy = await make()
    const greedy = { task, count: 1, seed: 1, temperature: 0, maxTokens: 6 }
    const [whole] = await collect(policy, [greedy])
    for (let cut = 0; cut <= whole!.tokens!.length; cut++) {
      const prefix = [{ text: tokenizer.decode(whole!.tokens!.slice(0, cut)), tokens: whole!.tokens!.slice(0, cut) }]
      const [rest] = await collect(policy, [{ ...greedy, prefix, maxTokens: Math.max(1, 6 - cut) }])
      if (whole!.tokens!.length < 6 || cut < 6) expect(rest!.tokens).toEqual(whole!.tokens)
    }
  })

  it('say which stop text ended them, and go on from there exactly', async () => {
    const policy = await make()
    const request = { task, count: 30, seed: 2, maxTokens: 4 }
    const plain = await collect(policy, [request])
    const stopped = await collect(policy, [{ ...request, stop: ['4', '3 4', '0'] }])
    const by = new Set<string | undefined>()
    stopped.sort((a, b) => a.index - b.index)
    for (const sample of stopped) {
      by.add(sample.stoppedBy)
      const { text } = plain.find(({ index }) => index === sample.index)!
      const places = ['4', '3 4', '0'].map((stop) => [text.indexOf(stop), stop] as const).filter(([at]) => at >= 0)
      const first = places.sort((a, b) => a[0] - b[0] || b[1].length - a[1].length)[0]
      expect(sample.text).toBe(first ? text.slice(0, first[0]) : text)
      expect(Array.from(sample.textEnds!).at(-1)).toBe(sample.text.length)
      if (!first) continue
      expect([sample.stoppedBy, sample.finish]).toEqual([first[1], 'stop'])
      expect(asPiece(sample).text).toBe(tokenizer.decode(sample.tokens!))
      const [next] = await collect(policy, [
        { ...request, count: 1, id: `a/${sample.index}`, prefix: [asPiece(sample)] },
      ])
      expect(next!.text.startsWith(`${asPiece(sample).text} `)).toBe(true)
      expect(next!.id).toBe(`a/${sample.index}`)
      expect(next!.textEnds).toEqual(next!.tokens!.map((_token, t) => 2 * t + 1))
    }
    expect(by).toEqual(new Set([undefined, '0', '3 4', '4']))
  })

  it('are functions of seed, id, index, prompt and prefix', async () => {
    const policy = await make()
    const request = { task, count: 12, seed: 4, maxTokens: 4 }
    const texts = async (change: Partial<SampleRequest>): Promise<string[]> =>
      (await collect(policy, [{ ...request, ...change }])).sort((a, b) => a.index - b.index).map(({ text }) => text)
    expect(await texts({})).toEqual(await texts({ id: 'a' }))
    expect(await texts({ task: { ...task, id: 'b' }, id: 'a' })).toEqual(await texts({}))
    expect(await texts({ id: 'b' })).not.toEqual(await texts({}))
    const other = await collect(policy, [{ ...request, prompt: '4' }])
    expect(other[0]!.prompt).toBe('4')
    expect(await collect(policy, [{ ...request, task: { ...task, prompt: '4' } }])).toEqual(
      other.map(({ prompt: _prompt, ...rest }) => rest),
    )
    const [same] = await collect(policy, [{ ...request, prompt: task.prompt }])
    expect(same!.prompt).toBeUndefined()
    // The stream is the same with another prefix: the first uniform meets another distribution.
    expect(await texts({ prefix: [] })).toEqual(await texts({}))
    const begun = await collect(policy, [{ ...request, prefix: [{ text: '' }] }])
    expect(begun).toEqual(await collect(policy, [request]))
  })

  it('have nothing to draw after a completion that has ended', async () => {
    const policy = await make()
    const [ended] = await collect(policy, [{ task, count: 1, seed: 1, prefix: [{ text: '3 .' }] }])
    expect(ended).toMatchObject({ text: '3 .', tokens: [3, 5], textEnds: [1, 3], finish: 'stop' })
    expect([...ended!.mask!]).toEqual([0, 0])
    expect(ended!.usage.completionTokens).toBe(0)
    expect(ended!.logprobs!.values).toHaveLength(0)
  })

  it('are refused at the first pull where one request cannot be served, before anything is drawn', async () => {
    const policy = await make()
    const fine = { task, count: 1, seed: 1 }
    const chat = [{ role: 'user', content: '1' }] as const
    const tool = [{ text: '3' }, { role: 'tool', content: '4' } as const]
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', prompt: chat }])).rejects.toMatchObject({
      code: 'unsupported',
      hint: expect.any(String) as string,
    })
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', prefix: tool }])).rejects.toMatchObject({
      code: 'unsupported',
    })
    const long = [{ text: '', tokens: new Array<number>(100).fill(1) }]
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', prefix: long }])).rejects.toMatchObject({
      code: 'unsupported',
    })
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', stop: [''] }])).rejects.toThrow('a stop text is empty')
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', maxTokens: 0 }])).rejects.toThrow('maxTokens')
    await expect(firstOf(policy, [fine, { ...fine, id: 'b', prefix: [{ text: 'x' }] }])).rejects.toThrow('vocabulary')
    // Nothing is left open behind a refusal.
    expect(await collect(policy, [fine])).toHaveLength(1)
  })

  it('are drawn by snapshots alike', async () => {
    const policy = await make()
    const snapshot = await (policy as TabularPolicy | TransformerPolicy).snapshot()
    const requests = [{ task, count: 3, seed: 2, prefix: [{ text: '3' }], stop: ['4'] }]
    expect(await collect(snapshot, requests)).toEqual(await collect(policy, requests))
    expect(await snapshot.encode([{ prompt: '1', pieces: [{ text: '3' }, { text: ' 4' }] }])).toEqual([
      { prompt: '1', tokens: [3, 4], mask: Uint8Array.of(1, 1), ends: [1, 2] },
    ])
    await snapshot.dispose()
  })
})

describe('a table', () => {
  it('draws after a prefix from exactly the conditional distribution', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'], length: 2 })
    policy.setLogits('x', [2], [0, 2, -1])
    const count = 20_000
    const seen = [0, 0, 0]
    for (const { tokens } of await collect(policy, [
      { task: { id: 'x', prompt: 'x' }, count, seed: 1, prefix: [{ text: 'c' }] },
    ])) {
      expect(tokens![0]).toBe(2)
      seen[tokens![1]!]!++
    }
    const total = 1 + Math.exp(2) + Math.exp(-1)
    const expected = [1 / total, Math.exp(2) / total, Math.exp(-1) / total]
    const chiSquared = seen.reduce((sum, n, i) => sum + (n - count * expected[i]!) ** 2 / (count * expected[i]!), 0)
    expect(chiSquared).toBeLessThan(13.8) // the 0.999 quantile with 2 degrees of freedom; the seed is fixed
  })

  it('is complete at its full length, and cut before it', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b'], length: 3 })
    const request = { task: { id: 'x', prompt: 'x' }, count: 1, seed: 1 }
    const finishes = async (change: Partial<SampleRequest>): Promise<unknown> => {
      const [sample] = await collect(policy, [{ ...request, ...change }])
      return [sample!.finish, sample!.usage.completionTokens]
    }
    expect(await finishes({})).toEqual(['stop', 3])
    expect(await finishes({ maxTokens: 2 })).toEqual(['length', 2])
    expect(await finishes({ maxTokens: 2, prefix: [{ text: 'a' }] })).toEqual(['stop', 2])
    expect(await finishes({ prefix: [{ text: 'a a a' }] })).toEqual(['stop', 0])
    await expect(finishes({ prefix: [{ text: 'a a a a' }] })).rejects.toThrow(
      'the prefix of request x has 4 words, but a completion has at most 3',
    )
  })
})

describe('a transformer', () => {
  const config = { ...architectures[0]![1], context: 6 }
  const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })

  it('has no room left where prompt and prefix fill the context', async () => {
    const [full] = await collect(policy, [{ task, count: 1, seed: 1, prefix: [{ text: '3 3 3 3' }] }])
    expect(full).toMatchObject({ text: '3 3 3 3', finish: 'length', usage: { promptTokens: 6, completionTokens: 0 } })
    await expect(collect(policy, [{ task, count: 1, seed: 1, prefix: [{ text: '3 3 3 3 3' }] }])).rejects.toMatchObject(
      {
        code: 'unsupported',
        message: 'prompt and prefix of request a have 7 tokens, but the context has 6',
      },
    )
    const long = { id: 'l', prompt: '1 1 1 1 1 1' }
    await expect(collect(policy, [{ task: long, count: 1, seed: 1 }])).rejects.toMatchObject({
      code: 'invalid-argument',
    })
  })

  it('shares what a request begins with, whatever else is in the batch', async () => {
    const roomy = { ...architectures[2]![1], context: 60 }
    const other = new TransformerPolicy({ device: createReferenceDevice(), config: roomy, tokenizer })
    await randomise(other, 2)
    const prefix = [{ text: '3 3 1 2 3' }]
    const requests = [
      { task, count: 3, seed: 1, prefix, maxTokens: 5 },
      { task: { id: 'b', prompt: '4' }, count: 2, seed: 1, maxTokens: 5 },
      { task, id: 'c', count: 2, seed: 1, prefix: [{ text: '4 .' }], maxTokens: 5 },
    ]
    const together = await collect(other, requests)
    for (const request of requests) {
      const id = 'id' in request ? request.id : request.task.id
      const byIndex = together.filter((one) => one.id === id).sort((a, b) => a.index - b.index)
      const alone = await collect(other, [request])
      expect(alone.map(({ text }) => text)).toEqual(byIndex.map(({ text }) => text))
    }
  })

  it('ends with the end token even where it has no text of its own', async () => {
    const silent = wordTokenizer(words)
    const endless = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer: silent })
    const samples = await collect(endless, [{ task, count: 4, seed: 1 }])
    expect(samples.map(({ finish }) => finish)).toEqual(new Array(4).fill('length'))
  })
})
