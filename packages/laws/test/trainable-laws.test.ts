import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReferenceDevice } from '@posttrain/compute'
import type { TrainablePolicy } from '@posttrain/core'
import { llamaLike, TabularPolicy, TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import { trainableLaws } from '@posttrain/laws'

const words = ['a', 'b', '.']
const sequences = [
  { prompt: 'a b', tokens: [0, 1, 1] },
  { prompt: 'a b', tokens: [1, 2] },
]
const tabular = async (): Promise<TrainablePolicy> => new TabularPolicy({ prompts: ['a b'], words, length: 3 })
const transformer = async (): Promise<TrainablePolicy> =>
  new TransformerPolicy({
    device: createReferenceDevice(),
    config: llamaLike({ vocabulary: 3, context: 8, width: 8, layers: 1, heads: 2 }),
    tokenizer: wordTokenizer(words, '.'),
  })

describe.each([
  ['TabularPolicy', tabular],
  ['TransformerPolicy', transformer],
])('%s', (_, make) => {
  it.each(trainableLaws(make, { sequences }))('$name', ({ property }) => fc.assert(property, { seed: 1, numRuns: 5 }))
})

describe('trainableLaws', () => {
  /** Names of the laws that a policy breaks. */
  async function broken(change: (policy: TrainablePolicy) => Partial<TrainablePolicy>): Promise<string[]> {
    const make = async (): Promise<TrainablePolicy> => {
      const policy = await tabular()
      const changed = change(policy)
      return new Proxy(policy, {
        get: (target, name) => {
          const value: unknown = name in changed ? Reflect.get(changed, name) : Reflect.get(target, name, target)
          return typeof value === 'function' ? value.bind(name in changed ? changed : target) : value
        },
      })
    }
    const names: string[] = []
    for (const { name, property } of trainableLaws(make, { sequences })) {
      if ((await fc.check(property, { seed: 1, numRuns: 3 })).failed) names.push(name)
    }
    return names
  }

  it('catch a policy whose scores cover every token, chosen or not', async () => {
    const names = await broken((policy) => ({
      score: (of, ...rest) =>
        policy.score(
          of.map(({ prompt, tokens }) => ({ prompt, tokens })),
          ...rest,
        ),
    }))
    expect(names).toEqual(['scores have one entry per chosen token, with the values of the whole'])
  })

  it('catch a step that goes ahead although the call before it failed', async () => {
    const names = await broken((policy) => ({
      step: async (settings, options) => {
        await new Promise((resolve) => setTimeout(resolve, 5)) // by then the failure is known, and forgotten
        return policy.step(settings, options)
      },
    }))
    expect(names).toContain('calls behind a failed one fail with it as cause, and later ones do not')
  })

  it('catch a snapshot that follows the policy', async () => {
    const names = await broken((policy) => ({
      snapshot: async () => ({
        ...(await policy.snapshot()),
        score: (...of) => policy.score(...of),
        dispose: async () => {},
      }),
    }))
    expect(names).toEqual(['a checkpoint restores, a snapshot keeps its weights, and provenance counts the steps'])
  })
})
