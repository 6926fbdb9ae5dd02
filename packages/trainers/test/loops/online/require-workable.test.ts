import { PosttrainError, type LogprobProvenance, type Loss, type Sampler } from '@posttrain/core'
import { bestOfNObjective, meanObjective, passAtKObjective } from '@posttrain/estimators'
import {
  dpoLoss,
  importanceWeightedLoss,
  policyGradientLoss,
  ppoClipLoss,
  truncatedImportance,
  valueLoss,
} from '@posttrain/losses'
import { TabularPolicy } from '@posttrain/models'
import { bestOf } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.js'
import { ppo } from '../../../src/algorithms/mean-reward.js'
import { policyGradient } from '../../../src/algorithms/policy-gradient.js'
import { variationalBestOfN } from '../../../src/algorithms/variational-best-of-n.js'
import { rollOut } from '../../../src/loops/online/rollout.js'
import { update } from '../../../src/loops/online/update.js'
import type { OnlineSettings, TrainOnlineOptions } from '../../../src/loops/online/settings.js'
import { eventsOf, newPolicy, noting, reward, settings } from '../../support/online.js'

/** What is trained for. */
type TrainingGoal = TrainOnlineOptions extends infer O
  ? O extends OnlineSettings
    ? Omit<O, keyof OnlineSettings>
    : never
  : never

const mean = policyGradient(meanObjective())
const withLoss = (loss: Loss): Algorithm => ({ ...mean, name: 'row', loss })
const reading = (...reads: Loss['reads']): Algorithm => withLoss({ ...policyGradientLoss(), reads })

/** Runs a step. @returns how it ended, and how many samples were drawn */
async function run(
  goal: TrainingGoal,
  changes: Partial<OnlineSettings> = {},
  sampled: (policy: Sampler) => Sampler = (policy) => policy,
): Promise<{ readonly error: PosttrainError | undefined; readonly drawn: number }> {
  const given = settings({ steps: 1, ...changes })
  const sampler = noting(sampled(given.policy))
  try {
    await eventsOf({ ...given, samplerAt: () => sampler, ...goal })
    return { error: undefined, drawn: sampler.samples.length }
  } catch (error) {
    return { error: error as PosttrainError, drawn: sampler.samples.length }
  }
}
type Case = readonly [what: string, goal: TrainingGoal, changes: Partial<OnlineSettings>, code: string, message: string]

/** The policy's samples, as another engine or in another way would give them. */
const from =
  (change: Partial<LogprobProvenance>) =>
  (policy: Sampler): Sampler => ({
    provenance: { ...policy.provenance!, ...change },
    async *sample(...args) {
      for await (const sample of policy.sample(...args)) {
        yield {
          ...sample,
          logprobs: { values: sample.logprobs!.values, provenance: { ...policy.provenance!, ...change } },
        }
      }
    },
  })
/** The policy's samples, without log-probs. */
const blind = (policy: Sampler): Sampler => ({
  async *sample(...args) {
    for await (const { logprobs: _, ...sample } of policy.sample(...args)) yield sample
  },
})

describe('refused before the first sample', () => {
  const cases: readonly Case[] = [
    [
      'a row that ranks rewards, made without those of the reference',
      { algorithm: variationalBestOfN({ n: 2 }) },
      {},
      'invalid-argument',
      'vbon was made without referenceRewards',
    ],
    [
      'too few samples for the advantages',
      { objective: meanObjective() },
      { samplesPerPrompt: 1 },
      'invalid-argument',
      'the algorithm mean needs at least 2 samples per task, but there are 1',
    ],
    [
      'too few samples for the objective',
      { algorithm: { ...mean, objective: passAtKObjective({ k: 9 }) } },
      {},
      'invalid-argument',
      'the objective pass@9 needs at least 9 samples',
    ],
    [
      'a part that nothing gives',
      { objective: bestOfNObjective({ n: 2, by: 'proxy' }) },
      {},
      'invalid-argument',
      'reads the part proxy, which nothing gives',
    ],
    ['pairs', { algorithm: withLoss(dpoLoss()) }, {}, 'unsupported', 'the loss dpo compares pairs of completions'],
    [
      'a score that the policy cannot differentiate',
      { algorithm: withLoss(valueLoss()) },
      {},
      'unsupported',
      'row differentiates value, which this policy cannot',
    ],
    [
      'a critic that the policy lacks',
      { algorithm: { ...ppo({ klCoefficient: 0 }), loss: policyGradientLoss(), flow: {} } },
      {},
      'unsupported',
      'ppo needs a value head, which this policy lacks',
    ],
    [
      'two updates of an on-policy loss',
      { algorithm: { ...mean, flow: { epochs: 2 } } },
      {},
      'unsupported',
      'the loss policy-gradient is right for one update per batch of samples, but mean takes 2',
    ],
    [
      'as many minibatches',
      { algorithm: { ...mean, flow: { minibatches: 3 } } },
      {},
      'unsupported',
      'but mean takes 3',
    ],
    [
      'no minibatch',
      { algorithm: { ...mean, flow: { minibatches: 0 } } },
      {},
      'invalid-argument',
      'minibatches must be an integer of at least 1, but is 0',
    ],
    [
      'no epoch',
      { algorithm: { ...mean, flow: { epochs: 0 } } },
      {},
      'invalid-argument',
      'epochs must be an integer of at least 1, but is 0',
    ],
    [
      'a constant that nothing gives',
      { algorithm: reading('advantage', 'margin') },
      {},
      'invalid-argument',
      'row reads margin, which this run does not have',
    ],
    [
      'value targets without a critic',
      { algorithm: reading('valueTarget') },
      {},
      'invalid-argument',
      'row reads valueTarget, which this run does not have',
    ],
    [
      'old values without a critic',
      { algorithm: reading('oldValue') },
      {},
      'invalid-argument',
      'row reads oldValue, which this run does not have',
    ],
    [
      'temperature 0',
      { objective: meanObjective() },
      { sampling: { temperature: 0 } },
      'unsupported',
      'samples at temperature 0 have no log-probs to learn from',
    ],
    [
      'cut samples',
      { objective: meanObjective() },
      { sampling: { topP: 0.9, topK: 4 } },
      'unsupported',
      'samples cut by topK and topP are not the policy',
    ],
    [
      'samples cut by minP',
      { objective: meanObjective() },
      { sampling: { minP: 0.1 } },
      'unsupported',
      'samples cut by minP are not the policy',
    ],
  ]
  it.each(cases)('%s', async (_, goal, changes, code, message) => {
    const { error, drawn } = await run(goal, changes)
    expect(error).toBeInstanceOf(PosttrainError)
    expect([error!.code, drawn]).toEqual([code, 0])
    expect(error!.message).toContain(message)
  })

  it('log-probs of the rollout, of a sampler that records none', async () => {
    const goal = { algorithm: withLoss(importanceWeightedLoss()) }
    const { error, drawn } = await run(goal, {}, blind)
    expect([error!.message, drawn]).toEqual(['row reads rolloutLogprob, which this run does not have', 0])
    expect(error!.hint).toBe('take a sampler that records log-probs')
    expect(await run(goal)).toEqual({ error: undefined, drawn: 24 })
  })
})

describe('not refused', () => {
  const fine = { error: undefined, drawn: 24 }

  it('cuts that cut nothing', async () => {
    const sampling = { temperature: 1, topP: 1, minP: 0, maxTokens: 1 }
    expect(await run({ objective: meanObjective() }, { sampling })).toEqual(fine)
  })

  it('a sampler without log-probs, where the loss reads none of them and somebody answers for it', async () => {
    const unknown = { engine: '?', dtype: 'unknown' } as const
    const enginePair = { sampling: unknown, training: unknown, because: 'it is the same program' }
    expect(await run({ objective: meanObjective() }, { enginePair }, blind)).toEqual(fine)
    // The surrogate compares with the policy before the update, which can be scored.
    expect(await run({ algorithm: withLoss(ppoClipLoss()) }, { enginePair }, blind)).toEqual(fine)
  })

  it('parts that a procedure chooses by, or that the reward gives', async () => {
    const proxy = { ...reward, name: 'proxy' }
    expect(await run({ procedure: bestOf({ n: 2, by: proxy }) })).toEqual(fine)
    const giving = {
      ...reward,
      gives: ['proxy'],
      score: async (...args: Parameters<typeof reward.score>) =>
        (await reward.score(...args)).map((outcome) => ({ ...outcome, parts: { proxy: 1 } })),
    }
    expect(await run({ objective: bestOfNObjective({ n: 2, by: 'proxy' }) }, { reward: giving })).toEqual(fine)
  })

  it('a critic that the policy has', async () => {
    const policy = new TabularPolicy({ prompts: ['easy', 'hard', 'mixed'], words: ['a', 'b', 'c', 'd'], values: true })
    expect(await run({ algorithm: ppo({ klCoefficient: 0 }) }, { policy })).toEqual(fine)
  })
})

describe('samples of another engine', () => {
  const objective = meanObjective()
  const elsewhere = from({ engine: 'elsewhere' })
  const sampling = { engine: 'elsewhere', dtype: 'f64' } as const
  const training = { engine: 'tabular', dtype: 'f64' } as const

  it('need a pair that says why', async () => {
    const refused = await run({ objective }, {}, elsewhere)
    expect([refused.error!.code, refused.drawn]).toEqual(['provenance-mismatch', 0])
    expect(refused.error!.message).toBe('elsewhere samples and tabular trains: engine (elsewhere against tabular)')
    const because = 'both agree to 1e-6 on 200 completions'
    expect((await run({ objective }, { enginePair: { sampling, training, because } }, elsewhere)).error).toBeUndefined()
    const unsaid = await run({ objective }, { enginePair: { sampling, training, because: ' ' } }, elsewhere)
    expect([unsaid.error!.message, unsaid.drawn]).toEqual([
      'enginePair.because must say why the difference may be ignored',
      0,
    ])
    const swapped = { sampling: training, training: sampling, because }
    const other = await run({ objective }, { enginePair: swapped }, elsewhere)
    expect([other.error!.code, other.drawn]).toEqual(['provenance-mismatch', 0])
    expect(other.error!.message).toBe(
      'enginePair is of tabular and elsewhere, but elsewhere samples and tabular trains',
    )
  })

  it('so do those of another type of number', async () => {
    const { error, drawn } = await run({ objective }, {}, from({ dtype: 'bf16' }))
    expect([error!.message, drawn]).toEqual(['tabular samples and tabular trains: dtype (bf16 against f64)', 0])
  })

  it('or a loss that corrects for them', async () => {
    const corrected = truncatedImportance(policyGradientLoss(), { cap: 2 })
    expect(await run({ algorithm: withLoss(corrected) }, {}, elsewhere)).toEqual({ error: undefined, drawn: 24 })
    // One that reads what was recorded alone does not know what the policy says.
    const { error, drawn } = await run({ algorithm: withLoss(importanceWeightedLoss()) }, {}, elsewhere)
    expect([error!.code, drawn]).toEqual(['provenance-mismatch', 0])
  })

  it('need it too where the sampler does not say which it is', async () => {
    const { error, drawn } = await run({ objective }, {}, blind)
    expect([error!.code, error!.message, drawn]).toEqual([
      'provenance-mismatch',
      'the sampler does not say which engine its samples come from',
      0,
    ])
  })

  it('are refused by what they themselves say, too, whoever drew them', async () => {
    const policy = newPolicy()
    const options = { ...settings({ policy }), objective }
    const rollout = await rollOut(options, 0, elsewhere(policy))
    await expect(update(options, rollout)).rejects.toMatchObject({ code: 'provenance-mismatch' })
    expect(policy.provenance.step).toBe(0)
  })
})

describe('recorded log-probs that are compared', () => {
  const corrected = withLoss(truncatedImportance(policyGradientLoss(), { cap: 2 }))

  it('must be of the distribution that is trained: that cannot be declared away', async () => {
    const cut = await run({ algorithm: corrected }, {}, from({ shaping: { topP: 0.9 } }))
    expect([cut.error!.code, cut.drawn]).toEqual(['provenance-mismatch', 0])
    expect(cut.error!.message).toContain('topP (0.9 against none)')
    const raw = await run({ algorithm: corrected }, { sampling: { temperature: 0.5 } })
    expect([raw.error!.code, raw.drawn]).toEqual(['provenance-mismatch', 0])
    expect(raw.error!.message).toContain('temperature (none against 0.5)')
    const tempered = await run(
      { algorithm: corrected },
      { sampling: { temperature: 0.5 } },
      from({ shaping: { temperature: 0.5 } }),
    )
    expect(tempered).toEqual({ error: undefined, drawn: 24 })
  })

  it('do not matter to a loss that does not read them', async () => {
    expect((await run({ algorithm: mean }, { sampling: { temperature: 0.5 } })).error).toBeUndefined()
  })
})

describe('every step', () => {
  it('is checked before anything is drawn, whatever the schedule', async () => {
    const policy = newPolicy()
    const sampler = noting(policy)
    const algorithm = (step: number): Algorithm => (step < 2 ? mean : withLoss(dpoLoss()))
    const events = eventsOf({ ...settings({ policy, steps: 5 }), samplerAt: () => sampler, algorithm })
    await expect(events).rejects.toThrow('the loss dpo compares pairs')
    expect(sampler.samples).toHaveLength(0)
    expect(policy.provenance.step).toBe(0)
  })
})
