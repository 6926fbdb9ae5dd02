import { scoreOf, type PolicySnapshot, type Sample, type ScoreRequest } from '@posttrain/core'
import { meanObjective } from '@posttrain/estimators'
import { inLoss } from '@posttrain/kl'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import type { Algorithm } from '../../../src/algorithms/algorithm.js'
import { cispo, grpo, ppo, reinforce, rloo } from '../../../src/algorithms/mean-reward.js'
import {
  knownLogprobs,
  needsReference,
  requireReference,
  type KnownLogprobs,
} from '../../../src/loops/online/known-logprobs.js'
import { asSamples } from '../../support/enumerated-update.js'
import { settings } from '../../support/online.js'

const words = ['a', 'b', 'c']
const withValues = (values: boolean): TabularPolicy => {
  const policy = new TabularPolicy({ prompts: ['x'], words, length: 2, values })
  policy.setLogits('x', [], [0.5, -0.2, 0.1])
  policy.setLogits('x', [1], [-0.3, 0.4, 0])
  return policy
}

/** A policy that notes what it was asked to score. */
function noting(policy: TabularPolicy): { readonly policy: TabularPolicy; readonly asked: ScoreRequest[] } {
  const asked: ScoreRequest[] = []
  const score = policy.score.bind(policy)
  policy.score = (sequences, request, options) => {
    asked.push(request ?? {})
    return score(sequences, request, options)
  }
  return { policy, asked }
}

interface Given {
  readonly algorithm?: Algorithm
  readonly reference?: PolicySnapshot
  readonly temperature?: number
  readonly change?: (sample: Sample) => Sample
  readonly values?: boolean
}

/** What is known of the samples of two groups, and what the policy was asked for. */
async function known({
  algorithm = grpo({ klCoefficient: 0 }),
  reference,
  temperature,
  change = (s) => s,
  values = false,
}: Given): Promise<{
  readonly found: KnownLogprobs
  readonly asked: ScoreRequest[]
  readonly samples: Sample[][]
}> {
  const { policy, asked } = noting(withValues(values))
  const all = (await asSamples(policy, await policy.completions('x'))).map(change)
  asked.length = 0
  const samples = [all.slice(0, 2), all.slice(2, 5)]
  const groups = samples.map((group) => ({
    task: { id: 'x', prompt: 'x' },
    samples: group,
    outcomes: group.map(() => ({ kind: 'scored' as const, reward: 0 })),
  }))
  const options = { ...settings({ policy, sampling: { temperature } }), objective: meanObjective() }
  return { found: await knownLogprobs(options, algorithm, reference, groups), asked, samples }
}
const recorded = (samples: readonly (readonly Sample[])[]): Float64Array[][] =>
  samples.map((group) => group.map(({ logprobs }) => Float64Array.from(logprobs!.values)))
const withProvenance =
  (change: object) =>
  (sample: Sample): Sample => ({
    ...sample,
    logprobs: { ...sample.logprobs!, provenance: { ...sample.logprobs!.provenance, ...change } },
  })

describe('log-probs of the policy before the update', () => {
  it('are the recorded ones, if the samples are of its present weights: nothing is scored', async () => {
    const { found, asked, samples } = await known({})
    expect(found.old).toEqual(recorded(samples))
    expect(asked).toEqual([])
    expect(found.sequences.map((group) => group.length)).toEqual([2, 3])
  })

  it.each([
    ['an earlier step', withProvenance({ step: -1 })],
    ['another lineage', withProvenance({ weights: 'other run' })],
    ['another engine', withProvenance({ engine: 'elsewhere' })],
    ['another type of number', withProvenance({ dtype: 'bf16' })],
    ['a cut distribution', withProvenance({ shaping: { topP: 0.9 } })],
    ['no record', ({ logprobs: _, ...sample }: Sample): Sample => sample],
  ])('are scored anew for samples of %s, all of them in one call', async (_, change) => {
    // One such sample is enough.
    const one = await known({ change: (sample) => (sample.index === 3 ? change(sample) : sample) })
    expect(one.asked).toEqual([{ scores: ['logprob'], temperature: undefined }])
    const own = await known({})
    one.found
      .old!.flat()
      .forEach((values, i) =>
        values.forEach((value, t) => expect(value).toBeCloseTo(own.found.old!.flat()[i]![t]!, 14)),
      )
  })

  it('are scored anew at the temperature of sampling: recorded ones are those of the model itself', async () => {
    const { found, asked, samples } = await known({ temperature: 0.5 })
    expect(asked).toEqual([{ scores: ['logprob'], temperature: 0.5 }])
    const raw = recorded(samples)
    expect(Math.abs(found.old![0]![0]![0]! - raw[0]![0]![0]!)).toBeGreaterThan(0.05)
    // log softmax(z/T)
    const z = [0.5, -0.2, 0.1].map((x) => x / 0.5)
    const total = Math.log(z.reduce((sum, x) => sum + Math.exp(x), 0))
    expect(found.old![0]![0]![0]).toBeCloseTo(z[0]! - total, 14)
  })

  it('are those recorded at that temperature, where a sampler records them so', async () => {
    const change = withProvenance({ shaping: { temperature: 0.5 } })
    const { found, asked, samples } = await known({ temperature: 0.5, change })
    expect(asked).toEqual([])
    expect(found.old).toEqual(recorded(samples))
  })

  it('are not asked for where nothing reads them', async () => {
    const { found, asked } = await known({ algorithm: reinforce(), change: withProvenance({ step: -1 }) })
    expect(asked).toEqual([])
    expect(found.old).toBeUndefined()
  })
})

describe('log-probs of the reference, and values', () => {
  it('are those of the reference at the temperature of sampling', async () => {
    const other = withValues(false)
    other.setLogits('x', [], [1, 0, 0])
    const reference = await other.snapshot()
    const { found, asked, samples } = await known({
      algorithm: rloo({ klCoefficient: 0.1 }),
      reference,
      temperature: 2,
    })
    const sequences = samples.flat().map(({ tokens }) => ({ prompt: 'x', tokens: tokens! }))
    const exact = await other.score(sequences, { temperature: 2 })
    expect(found.reference!.flat()).toEqual(exact.map((scores) => scoreOf(scores, 'logprob')))
    // A KL at temperature 2 needs the policy's log-probs at it too.
    expect(asked).toEqual([{ scores: ['logprob'], temperature: 2 }])
  })

  it('are asked of the policy where advantages need a critic', async () => {
    const { found, asked } = await known({ algorithm: ppo({ klCoefficient: 0 }), values: true })
    expect(asked).toEqual([{ scores: ['value'], temperature: undefined }])
    expect(found.values!.map((group) => group.map(({ length }) => length))).toEqual([[2, 2], [2, 2, 2]]) // prettier-ignore
  })

  it('do not compare across engines', async () => {
    const snapshot = await withValues(false).snapshot()
    const reference: PolicySnapshot = {
      provenance: { ...snapshot.provenance, engine: 'elsewhere' },
      sample: (requests, options) => snapshot.sample(requests, options),
      encode: (completions) => snapshot.encode(completions),
      score: (sequences, request) => snapshot.score(sequences, request),
      dispose: () => snapshot.dispose(),
    }
    await expect(known({ algorithm: rloo({ klCoefficient: 0.1 }), reference })).rejects.toMatchObject({
      code: 'provenance-mismatch',
    })
  })
})

describe('needsReference', () => {
  const exact = { placement: inLoss({ value: 'rao-blackwell' }), coefficient: 0.1 } as const

  it('is true of what compares with one', () => {
    expect([grpo(), rloo({ klCoefficient: 0.1 }), { ...reinforce(), kl: exact }].map(needsReference)).toEqual([
      true,
      true,
      true,
    ])
    expect([grpo({ klCoefficient: 0 }), rloo(), cispo(), ppo({ klCoefficient: 0 })].map(needsReference)).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  it('makes a missing reference an error', async () => {
    expect(() => requireReference(grpo(), undefined)).toThrow(
      'grpo compares the policy with a reference, and there is none',
    )
    const reference = await withValues(false).snapshot()
    expect(() => requireReference(grpo(), reference)).not.toThrow()
    expect(() => requireReference(rloo(), undefined)).not.toThrow()
  })
})
