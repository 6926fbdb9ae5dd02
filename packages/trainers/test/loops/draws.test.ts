import type { Logprobs, Loss, Piece, Sample, SamplingOptions, TrainablePolicy } from '@posttrain/core'
import { collect, environmentSampler } from '@posttrain/sampling'
import {
  clippedImportanceLoss,
  importanceWeightedLoss,
  policyGradientLoss,
  ppoClipLoss,
  sequenceRatioClipLoss,
  supervisedLoss,
  truncatedImportance,
} from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { grpo, policyGradient, trainOffline, trainOnline, update, type OfflineSequence } from '@posttrain/trainers'
import { meanObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { rollOut } from '../../src/loops/online/rollout.js'
import { settings } from '../support/online.js'

const words = ['a', 'b', 'c', '.']
const newPolicy = (): TabularPolicy => new TabularPolicy({ prompts: ['x'], words, length: 3, end: '.' })
const task = { id: 'x', prompt: 'x' }

const drawn = async (policy: TrainablePolicy, options: SamplingOptions & { prefix?: readonly Piece[] }) => {
  const { prefix, ...sampling } = options
  const [samples] = await collect(policy, [{ ...sampling, task, count: 4, seed: 1, ...(prefix && { prefix }) }])
  return samples!
}
const asItem = ({ tokens, mask, logprobs }: Sample): OfflineSequence => ({
  prompt: 'x',
  tokens: tokens!,
  mask,
  logprobs,
  advantage: 1,
})

/** Learns offline from samples, and says what went wrong, if anything did. */
async function offline(
  loss: Loss,
  items: readonly OfflineSequence[],
  model: TabularPolicy,
): Promise<Error | undefined> {
  try {
    const options = { model, loss, batch: () => items, steps: 1, optimizer: { learningRate: 0 } }
    for await (const event of trainOffline(options)) if (event.kind === 'stopped') throw event.reason
    return undefined
  } catch (error) {
    return error as Error
  }
}

const ratios: readonly Loss[] = [
  importanceWeightedLoss({ level: 'token' }),
  importanceWeightedLoss({ level: 'sequence' }),
  ppoClipLoss(),
  sequenceRatioClipLoss(),
  clippedImportanceLoss(),
  truncatedImportance(ppoClipLoss(), { cap: 2 }),
]
const shapings: readonly (readonly [string, SamplingOptions, string])[] = [
  ['a low temperature', { temperature: 0.5 }, 'temperature (0.5 against none)'],
  ['a high temperature', { temperature: 1.5 }, 'temperature (1.5 against none)'],
  ['the most likely token', { temperature: 0 }, 'temperature (0 against none)'],
  ['topK', { topK: 2 }, 'topK (2 against none)'],
  ['topP', { topP: 0.8 }, 'topP (0.8 against none)'],
  ['minP', { minP: 0.5 }, 'minP (0.5 against none)'],
  ['two of them', { temperature: 0.5, topP: 0.8 }, 'temperature (0.5 against none) and topP (0.8 against none)'],
]

describe('what cut or heated a draw', () => {
  it('is recorded with its log-probs, which are the model’s own, with a prefix too, and by an environment', async () => {
    const policy = newPolicy()
    for (const [, options] of shapings) {
      for (const prefix of [undefined, [{ text: 'a' }]]) {
        for (const { logprobs } of await drawn(policy, { ...options, maxTokens: 2, ...(prefix && { prefix }) })) {
          expect(logprobs!.drawn).toEqual(options)
          expect(logprobs!.provenance.shaping).toBeUndefined()
        }
      }
    }
    expect((await drawn(policy, { temperature: 1, topP: 1, stop: ['c'] }))[0]!.logprobs!.drawn).toEqual({})
    const once = { name: 'once', start: async () => ({ step: async () => ({ observation: '', done: true }), close: async () => {} }) } // prettier-ignore
    const episodes = environmentSampler(policy, once, { maxTurns: 1 })
    const [samples] = await collect(episodes, [{ task, count: 2, seed: 1, temperature: 0.5 }])
    for (const { logprobs } of samples!) expect(logprobs!.drawn).toEqual({ temperature: 0.5 })
  })

  it.each(ratios.map((loss) => [loss.name, loss] as const))('is refused offline by %s', async (_, loss) => {
    const policy = newPolicy()
    const own = (await drawn(policy, {})).map(asItem)
    expect(await offline(loss, own, policy)).toBeUndefined()
    for (const [, options, difference] of shapings) {
      const items = (await drawn(policy, options)).map(asItem)
      // One such item among others is enough.
      expect(await offline(loss, [...own, ...items], policy)).toMatchObject({
        code: 'provenance-mismatch',
        message: `item 4 of the batch was drawn with another ${difference}, which the loss ${loss.name} does not correct for`,
      })
    }
    const continued = (await drawn(policy, { temperature: 0.5, prefix: [{ text: 'a' }] })).map(asItem)
    expect(await offline(loss, continued, policy)).toMatchObject({ code: 'provenance-mismatch' })
  })

  it('is corrected for by a loss that knows the log-probs of the draw, unless something was cut', async () => {
    const policy = newPolicy()
    const loss = truncatedImportance(ppoClipLoss(), { cap: 2 })
    const of = async (shaping: SamplingOptions): Promise<OfflineSequence[]> =>
      (await drawn(policy, shaping)).map((sample) => {
        const provenance = { ...sample.logprobs!.provenance, shaping }
        return { ...asItem(sample), logprobs: { ...sample.logprobs!, provenance } }
      })
    expect(await offline(loss, await of({ temperature: 0.5 }), policy)).toBeUndefined()
    expect(await offline(loss, await of({ topK: 2 }), policy)).toMatchObject({ code: 'provenance-mismatch' })
    const undeclared = (await of({ topP: 0.8 })).map((item): OfflineSequence => {
      const { drawn: _drawn, ...logprobs } = item.logprobs as Logprobs
      return { ...item, logprobs }
    })
    expect((await offline(loss, undeclared, policy))!.message).toContain('topP')
  })

  it('is nothing to a loss without a ratio', async () => {
    const policy = newPolicy()
    const items = (await drawn(policy, { temperature: 0.5, topP: 0.8 })).map(asItem)
    expect(await offline(supervisedLoss(), items, policy)).toBeUndefined()
  })

  it.each([
    ['the policy gradient', policyGradient(meanObjective())],
    ['a ratio', grpo({ klCoefficient: 0 })],
    [
      'a correction for engines',
      { ...grpo({ klCoefficient: 0 }), loss: truncatedImportance(policyGradientLoss(), { cap: 2 }) },
    ],
  ])('is refused online by %s, whatever sampler it came from', async (_, algorithm) => {
    for (const [, shaping, difference] of shapings) {
      const options = settings({ steps: 1 })
      const { policy } = options
      const shaped = {
        get provenance() {
          return policy.provenance
        },
        sample: (requests: Parameters<TrainablePolicy['sample']>[0]) =>
          policy.sample(requests.map((request) => ({ ...request, ...shaping }))),
      }
      const refused = { code: 'provenance-mismatch', message: expect.stringContaining(difference) as string }
      const events = trainOnline({ ...options, algorithm, samplerAt: () => shaped })
      await expect(
        events.next().then(async ({ value }) => (value?.kind === 'interrupted' ? events.next() : value)),
      ).rejects.toMatchObject(refused)
      // And where groups come from elsewhere, some of them drawn as they should be.
      const rollout = await rollOut({ ...options, algorithm }, 0, policy)
      const other = await rollOut({ ...options, algorithm }, 0, shaped)
      const mixed = { step: 0, groups: [...rollout.groups.slice(1), ...other.groups.slice(0, 1)] }
      await expect(update({ ...options, algorithm }, mixed)).rejects.toMatchObject(refused)
      await expect(update({ ...options, algorithm }, rollout)).resolves.toMatchObject({ step: 0 })
    }
  })

  it('is what a run at a temperature declares, and nothing else', async () => {
    const algorithm = policyGradient(meanObjective())
    const hot = { ...settings({ steps: 1, sampling: { temperature: 2 } }), algorithm }
    const rollout = await rollOut(hot, 0, hot.policy)
    await expect(update(hot, rollout)).resolves.toMatchObject({ step: 0 })
    await expect(update({ ...hot, sampling: {} }, rollout)).rejects.toThrow('temperature (2 against none)')
    await expect(update({ ...hot, sampling: { temperature: 0.5 } }, rollout)).rejects.toThrow(
      'temperature (2 against 0.5)',
    )
    const cold = await rollOut({ ...hot, sampling: {} }, 0, hot.policy)
    await expect(update(hot, cold)).rejects.toThrow('temperature (none against 2)')
  })
})
