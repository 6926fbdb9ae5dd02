import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BudgetRules, ObjectiveProcedure, RewardFunction, Sampler, Task } from '@posttrain/core'
import { bestOf, firstPassing, majorityVote, singleSample } from '@posttrain/sampling'

const task: Task = { id: 't', prompt: '?', tags: { customer: 'gold' } }

/** Draws the letters of a text in turn, each with as many tokens as allowed, 3 at most. */
const letters = (text: string): Sampler => ({
  async *sample(requests) {
    for (const { task: of, id = of.id, count, firstIndex = 0, seed, maxTokens = 3 } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const usage = { promptTokens: 1, completionTokens: Math.min(3, maxTokens) }
        yield { id, taskId: of.id, index, seed, text: text[index % text.length]!, finish: 'stop', usage }
      }
    }
  },
})
const by: RewardFunction = {
  name: 'is b',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'b' ? 1 : 0 })),
}
const run = (procedure: ObjectiveProcedure, rules: BudgetRules, text = 'aabab') =>
  procedure.run(letters(text), task, { rules })

describe('a floor', () => {
  it('is spent although a sample has passed, and the first that passed is still the answer', async () => {
    const decision = await run(firstPassing({ k: 8, by }), { floor: { samples: 5 } })
    expect(decision).toMatchObject({ answer: 'b', stopped: 'decided', sample: { index: 2 } })
    expect(decision.samples).toHaveLength(5)
  })

  it('may be of tokens', async () => {
    const { samples } = await run(firstPassing({ k: 8, by }), { floor: { tokens: 10 } })
    expect(samples).toHaveLength(4)
  })

  it('above what a procedure draws is refused before anything is drawn', async () => {
    await expect(run(majorityVote({ k: 3 }), { floor: { samples: 4 } })).rejects.toMatchObject({
      code: 'invalid-argument',
      message: 'every task gets at least 4 samples by the rules, but the procedure draws at most 3',
    })
  })
})

describe('a cap', () => {
  it('of samples ends a vote, which says so', async () => {
    const decision = await run(majorityVote({ k: 8 }), { cap: { samples: 4 } })
    expect(decision).toMatchObject({
      answer: 'a',
      stopped: 'capped',
      reason: '3 of 4 samples answered a; the cap of 4 samples ended it',
    })
    expect(decision.samples).toHaveLength(4)
  })

  it('of tokens cuts the last sample to what is left', async () => {
    const { usage, samples, stopped } = await run(bestOf({ n: 8, by }), { cap: { tokens: 7 } })
    expect(samples.map((sample) => sample.usage.completionTokens)).toEqual([3, 3, 1])
    expect([usage.completionTokens, stopped]).toEqual([7, 'capped'])
  })

  it('below the floor is refused', async () => {
    const rules = { floor: { tokens: 9 }, cap: { tokens: 8 } }
    await expect(run(singleSample(), rules)).rejects.toThrow('the floor of 9 tokens is above the cap of 8')
  })

  it.each([[{ cap: { samples: 0 } }], [{ cap: { tokens: 1.5 } }], [{ floor: { samples: -1 } }]])(
    'that is no count is refused: %j',
    async (rules) => {
      await expect(run(singleSample(), rules)).rejects.toMatchObject({ code: 'invalid-argument' })
    },
  )
})

describe('a tag', () => {
  it('gives its tasks the full budget', async () => {
    const procedure = firstPassing({ k: 8, by })
    const full = await run(procedure, { always: { customer: ['silver', 'gold'] } })
    expect([full.samples.length, full.sample?.index, full.stopped]).toEqual([8, 2, 'complete'])
    const other = await run(procedure, { always: { customer: ['silver'], plan: ['gold'] } })
    expect(other.samples).toHaveLength(3)
  })

  it('does not lift a cap', async () => {
    const rules = { always: { customer: ['gold'] }, cap: { samples: 6 } }
    expect((await run(firstPassing({ k: 8, by }), rules)).samples).toHaveLength(6)
  })

  it('without a list of values is refused', async () => {
    const rules = { always: { customer: 'gold' } } as unknown as BudgetRules
    await expect(run(singleSample(), rules)).rejects.toThrow('always.customer is')
  })
})

it('are kept by every procedure whatever the rules', async () => {
  const amount = fc.record({ samples: fc.integer({ min: 1, max: 9 }), tokens: fc.integer({ min: 1, max: 30 }) })
  const procedures = [singleSample(), majorityVote({ k: 5 }), bestOf({ n: 4, by }), firstPassing({ k: 6, by })]
  await fc.assert(
    fc.asyncProperty(amount, fc.constantFrom(...procedures), fc.string({ minLength: 1 }), async (cap, p, text) => {
      const { samples, usage } = await run(p, { cap }, text)
      expect(samples.length).toBeLessThanOrEqual(cap.samples)
      expect(usage.completionTokens).toBeLessThanOrEqual(cap.tokens)
      expect(samples.length).toBeGreaterThanOrEqual(1)
    }),
  )
})
