import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Decision } from '@posttrain/core'
import { budgetForcing } from '@posttrain/sampling'
import { speakingSampler } from '../support/speaking-sampler.js'

const task = { id: 't', prompt: 'task' }
const end = '#'

/** Thinks the thoughts one after another, each of them ended, and answers `=`. */
const thinking = (thoughts: readonly string[]): ReturnType<typeof speakingSampler> =>
  speakingSampler((_, text, { id }) => {
    const [, kind, turn] = JSON.parse(id!) as [string, string, number]
    return kind === 'answer' ? (text.includes(end) ? '=' : 'no end of thinking') : (thoughts[turn] ?? '')
  })
const force = (options: object, thoughts: readonly string[], run?: object): Promise<Decision> =>
  budgetForcing({ endOfThinking: end, maximum: 20, wait: 'W', ...options }).run(thinking(thoughts), task, run)

describe('budgetForcing', () => {
  it('lets thinking be that ends between the bounds', async () => {
    const decision = await force({ minimum: 3 }, ['abc#'])
    expect(decision.answer).toBe('abc#=')
    expect(decision.reason).toBe('the thinking ended at token 4')
  })

  it('says wait in place of an end that comes too early, until the minimum is reached', async () => {
    const decision = await force({ minimum: 6, final: '!' }, ['ab#', 'c#', 'd#', 'e#'])
    expect(decision.answer).toBe('abWcWd#!=') // 3 + 2 + 2 tokens of thinking; waits are not counted
    expect(decision.reason).toBe('the thinking ended at token 7 (waits: 2)')
    expect(decision.usage.completionTokens).toBe(8)
  })

  it('ends thinking at the maximum, over all turns', async () => {
    expect((await force({ maximum: 4, final: '!' }, ['abcdefg#'])).answer).toBe('abcd#!=')
    const decision = await force({ minimum: 5, maximum: 5 }, ['ab#', 'cdefg#'])
    expect(decision.answer).toBe('abWcd#=')
    expect(decision.reason).toBe('the thinking was ended at token 5 (waits: 1)')
  })

  it('waits so often and no more', async () => {
    const decision = await force({ minimum: 20, waits: 2 }, ['a#', 'b#', 'c#', 'd#'])
    expect(decision.answer).toBe('aWbWc#=')
    expect(decision.samples).toHaveLength(4)
  })

  it('takes a turn that ends without an end of thinking for the answer', async () => {
    const decision = await force({ minimum: 9 }, ['ab#', 'c'])
    expect(decision.answer).toBe('abWc')
    expect(decision.reason).toBe('it answered at token 4 (waits: 1), without an end of thinking')
  })

  it('abstains where a cap ends the thinking or cuts the answer, and where the thinking failed', async () => {
    const thought = await force({}, ['abcdef#'], { rules: { cap: { tokens: 4 } } })
    expect([thought.answer, thought.stopped]).toEqual([undefined, 'capped'])
    const answer = await force({}, ['abc#'], { rules: { cap: { samples: 1 } } })
    expect([answer.answer, answer.stopped]).toEqual([undefined, 'capped'])
    expect((await force({}, ['!'])).reason).toBe('the thinking stopped at token 1')
  })

  it('never thinks above the maximum, nor below the minimum while it may wait', async () => {
    const thoughts = fc.array(fc.stringMatching(/^[a-c]{0,6}#$/), { minLength: 9, maxLength: 9 })
    const bounds = fc.tuple(fc.nat({ max: 8 }), fc.integer({ min: 1, max: 12 })).map(([a, b]) => [Math.min(a, b), b])
    await fc.assert(
      fc.asyncProperty(thoughts, bounds, async (said, [minimum, maximum]) => {
        const decision = await force({ minimum, maximum: maximum! }, said)
        const tokens = decision.samples.slice(0, -1).reduce((sum, { usage }) => sum + usage.completionTokens, 0)
        expect(tokens).toBeLessThanOrEqual(maximum!)
        expect(tokens).toBeGreaterThanOrEqual(minimum!) // eight waits of at least a token each reach 8
        expect(decision.answer!.endsWith('#=')).toBe(true)
        expect(decision.answer!.split('#')).toHaveLength(2)
      }),
    )
  })

  it('refuses bounds that cross and an end that says nothing', () => {
    expect(() => budgetForcing({ endOfThinking: end, minimum: 3, maximum: 2 })).toThrow(
      'minimum must be an integer from 0',
    )
    expect(() => budgetForcing({ endOfThinking: '', maximum: 2 })).toThrow('endOfThinking is')
  })
})
