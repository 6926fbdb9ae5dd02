import { createReferenceDevice } from '@posttrain/compute'
import {
  scoreNames,
  scoreOf,
  type ScoreName,
  type TokenCotangents,
  type TokenSequence,
  type Trainable,
} from '@posttrain/core'
import { decodeSafetensors, TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, tokenizer } from './support/architectures.js'
import { deviceNames, openDevice } from './support/devices.js'
import { maxDifference } from './support/max-difference.js'
import { randomise } from './support/weights.js'

/** Those that are differentiated. */
const all = scoreNames.filter((name) => name !== 'selfCertainty')
const words = ['0', '1', '2', '3', '4', '.']
const sequences: readonly TokenSequence[] = [
  { prompt: '1 2', tokens: [3, 4, 1, 5] },
  { prompt: '4', tokens: [1, 0] },
  { prompt: '1 2', tokens: [2, 2, 2, 2] },
]
const masks = [Uint8Array.of(0, 1, 0, 1), Uint8Array.of(0, 0), Uint8Array.of(1, 1, 1, 0)]
const masked = sequences.map((sequence, i): TokenSequence => ({ ...sequence, mask: masks[i]! }))
const kept = (values: Float64Array, i: number): Float64Array => values.filter((_, t) => masks[i]![t] === 1)

type Learner = TabularPolicy | TransformerPolicy

const learners: readonly (readonly [string, number, () => Promise<Learner>])[] = [
  [
    'a table',
    1e-12,
    async () => {
      const policy = new TabularPolicy({ prompts: ['1 2', '4'], words, length: 4, values: true })
      for (const prefix of [[], [3], [3, 4], [3, 4, 1], [2], [2, 2]]) {
        policy.setLogits('1 2', prefix, [1, prefix.length, -1, 0.3, 0.2, 0.5])
      }
      return policy
    },
  ],
  ...deviceNames.map(
    (name) =>
      [
        `a transformer on ${name}`,
        name === 'reference' ? 1e-12 : 1e-5,
        async () => {
          const source = new TransformerPolicy({
            device: createReferenceDevice(),
            config: architectures[3]![1],
            tokenizer,
          })
          await randomise(source, 3)
          return TransformerPolicy.fromCheckpoint(await openDevice(name), await source.save())
        },
      ] as const,
  ),
]

/** Moves a policy's weights, so that a snapshot taken before differs. */
async function move(policy: Trainable): Promise<void> {
  const pass = await policy.forward(sequences, { scores: ['logprob', 'value'] })
  await pass.backward(
    pass.scores.map((of) => ({ logprob: scoreOf(of, 'logprob'), value: scoreOf(of, 'value').map(() => 1) })),
  )
  await policy.step({ learningRate: 0.1 })
}

/** The gradient of a loss, read off a step of plain descent: with a huge ε AdamW's update is learningRate/ε · g. */
async function gradient(policy: Learner, backward: () => Promise<void>): Promise<Float64Array> {
  const saved = await policy.save()
  await backward()
  await policy.step({ learningRate: 1e9, epsilon: 1e9, betas: [0, 0] })
  const [before, after] = [saved, await policy.save()].map((file) =>
    [...decodeSafetensors(file).tensors.values()].flatMap(({ data }) => [...data]),
  )
  await policy.load(saved)
  return Float64Array.from(before!, (x, i) => x - after![i]!)
}

describe.each(learners)('scores of %s', (_, tolerance, make) => {
  it('are those that were asked for', async () => {
    const policy = await make()
    const reference = await policy.snapshot()
    const asked = [[], ['entropy'], ['value'], ['klToReference', 'logprob'], ['selfCertainty'], scoreNames]
    for (const scores of asked as ScoreName[][]) {
      const found = await policy.score(sequences, { scores, reference })
      for (const of of found) expect(new Set(Object.keys(of))).toEqual(new Set(scores))
    }
    expect(Object.keys((await policy.score(sequences))[0]!)).toEqual(['logprob'])
    await expect(policy.score(sequences, { scores: ['klToReference'] })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    await expect(policy.score(sequences, { scores: ['rank' as 'value'] })).rejects.toThrow(
      'scores[0] must be one of logprob',
    )
  })

  it('are of chosen tokens alone, and the same as without the mask', async () => {
    const policy = await make()
    const reference = await policy.snapshot()
    await move(policy)
    const whole = await policy.score(sequences, { scores: scoreNames, reference })
    const found = await policy.score(masked, { scores: scoreNames, reference })
    found.forEach((of, i) => {
      for (const name of scoreNames) {
        expect(maxDifference(scoreOf(of, name), kept(scoreOf(whole[i]!, name), i)), name).toBeLessThan(tolerance)
      }
    })
    expect(found.map((of) => scoreOf(of, 'logprob').length)).toEqual([2, 0, 3])
    await expect(policy.score([{ ...sequences[0]!, mask: masks[1]! }])).rejects.toThrow(
      'sequences[0].mask must have 4 entries',
    )
  })

  it('have the gradients of the whole with 0 for other tokens', async () => {
    const policy = await make()
    const reference = await policy.snapshot()
    await move(policy)
    const weight = (i: number, t: number, n: number): number => Math.sin(1 + 5 * i + 2 * t + n)
    const cotangents = (i: number, only: boolean): TokenCotangents =>
      Object.fromEntries(
        all.map((name, n) => {
          const whole = Float64Array.from(masks[i]!, (on, t) => on * weight(i, t, n))
          return [name, only ? kept(whole, i) : whole]
        }),
      )
    const run = (given: readonly TokenSequence[], only: boolean) => (): Promise<void> =>
      policy
        .forward(given, { scores: all, reference, temperature: 0.7 })
        .then((pass) => pass.backward(given.map((_sequence, i) => cotangents(i, only))))
    const expected = await gradient(policy, run(sequences, false))
    const found = await gradient(policy, run(masked, true))
    expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0.1)
    expect(maxDifference(found, expected)).toBeLessThan(100 * tolerance)
  })

  it('at a temperature are of the logits divided by it', async () => {
    const policy = await make()
    const reference = await policy.snapshot()
    await move(policy)
    // Log-probs of every token at a place give the distribution there, and so that at any temperature.
    const tempered = async (of: Pick<Learner, 'score'>, temperature: number): Promise<number[]> => {
      const each = words.map((_word, token): TokenSequence => ({
        prompt: '1 2',
        tokens: [3, 4, token],
        mask: Uint8Array.of(0, 0, 1),
      }))
      const logprobs = (await of.score(each)).map((one) => scoreOf(one, 'logprob')[0]! / temperature)
      const logSum = Math.log(logprobs.reduce((total, x) => total + Math.exp(x), 0))
      return logprobs.map((x) => x - logSum)
    }
    for (const temperature of [0.5, 1, 1.7]) {
      const [p, q] = [await tempered(policy, temperature), await tempered(reference, temperature)]
      const [found] = await policy.score(masked.slice(0, 1), { scores: all, reference, temperature })
      const target: TokenSequence = { prompt: '1 2', tokens: [3, 4, 1], mask: Uint8Array.of(0, 0, 1) }
      const [at] = await policy.score([target], { scores: scoreNames, reference, temperature })
      expect(scoreOf(found!, 'logprob')).toHaveLength(2)
      expect(scoreOf(at!, 'logprob')[0]).toBeCloseTo(p[1]!, tolerance < 1e-9 ? 11 : 4)
      const entropy = -p.reduce((total, x) => total + Math.exp(x) * x, 0)
      expect(scoreOf(at!, 'entropy')[0]).toBeCloseTo(entropy, tolerance < 1e-9 ? 11 : 4)
      const kl = p.reduce((total, x, i) => total + Math.exp(x) * (x - q[i]!), 0)
      expect(scoreOf(at!, 'klToReference')[0]).toBeCloseTo(kl, tolerance < 1e-9 ? 11 : 4)
      // The uniform distribution against the one that the log-probs of all tokens give.
      const certainty = -p.reduce((total, x) => total + Math.log(p.length) + x, 0) / p.length
      expect(scoreOf(at!, 'selfCertainty')[0]).toBeCloseTo(certainty, tolerance < 1e-9 ? 11 : 4)
      const [plain] = await policy.score([target], { scores: ['value'] })
      expect(scoreOf(at!, 'value')).toEqual(scoreOf(plain!, 'value'))
    }
    for (const temperature of [0, -1, NaN, Infinity]) {
      await expect(policy.score(sequences, { temperature })).rejects.toThrow(
        'temperature must be a finite number from 0.000001 to 1000000',
      )
    }
  })

  it('have no gradient of self-certainty, and say so', async () => {
    const policy = await make()
    expect(policy.differentiable.has('selfCertainty')).toBe(false)
    const pass = await policy.forward(sequences, { scores: ['selfCertainty', 'logprob'] })
    const cotangents = pass.scores.map((of) => ({ selfCertainty: scoreOf(of, 'selfCertainty') }))
    await expect(pass.backward(cotangents)).rejects.toThrow('selfCertainty, which is read and never differentiated')
    const other = await policy.forward(sequences, { scores: ['selfCertainty', 'logprob'] })
    const ones = other.scores.map((of) => ({ logprob: scoreOf(of, 'logprob').map(() => 1) }))
    const withIt = await gradient(policy, () => other.backward(ones))
    expect(withIt).toEqual(await gradient(policy, async () => (await policy.forward(sequences)).backward(ones)))
  })

  it('at temperature 1 are exactly those without one', async () => {
    const policy = await make()
    expect(await policy.score(sequences, { temperature: 1 })).toEqual(await policy.score(sequences))
  })
})

describe('gradients of a table at a temperature', () => {
  it('equal central differences', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words: ['a', 'b', 'c'] })
    policy.setLogits('x', [], [0.3, -0.2, 1])
    const reference = await policy.snapshot()
    const at = [1, 0, -0.5]
    policy.setLogits('x', [], at)
    const sequence = [{ prompt: 'x', tokens: [2] }]
    const request = { scores: ['logprob', 'entropy', 'klToReference'], reference, temperature: 0.4 } as const
    const pass = await policy.forward(sequence, request)
    const weights = { logprob: 1, entropy: 2, klToReference: 3 }
    await pass.backward([Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, Float64Array.of(w)]))])
    const exact = await policy.gradient()
    for (const i of [0, 1, 2]) {
      const value = async (h: number): Promise<number> => {
        policy.setLogits(
          'x',
          [],
          at.map((x, j) => x + (i === j ? h : 0)),
        )
        const [of] = await policy.score(sequence, request)
        return request.scores.reduce((total, name) => total + weights[name] * scoreOf(of!, name)[0]!, 0)
      }
      expect(exact[i]).toBeCloseTo(((await value(1e-6)) - (await value(-1e-6))) / 2e-6, 7)
    }
  })
})
