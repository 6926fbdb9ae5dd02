import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BudgetRules, RunOptions, Sample, Sampler } from '@posttrain/core'
import { deepConf, runProcedure, type DeepConfOptions } from '@posttrain/sampling'
import { traceSampler, type ScriptedTrace } from '../support/trace-sampler.js'

const task = { id: 't', prompt: '?', tags: { customer: 'gold' } }
const answerOf = ({ text }: Sample): string | undefined => /[a-z]$/.exec(text)?.[0]
const trace = (answer: string, ...confidences: number[]): ScriptedTrace => ({ answer, confidences })
const run = (
  options: Partial<DeepConfOptions>,
  traces: readonly ScriptedTrace[] | Sampler,
  runOptions: RunOptions = {},
) => {
  const procedure = deepConf({ most: 10, warmUp: 2, keep: 1, window: 2, step: 3, answerOf, ...options })
  return procedure.run('sample' in traces ? traces : traceSampler(traces), task, runOptions)
}
const tokensOf = (samples: readonly Sample[]): number[] => samples.map(({ usage }) => usage.completionTokens)

/** The threshold of the first two is 2: the third is stopped at its sixth token, and then a leads. */
const script = [
  trace('a', 4, 4, 4),
  trace('b', 2, 2, 2),
  trace('b', 5, 5, 1, 1, 5, 5, 5),
  trace('a', 9, 9),
  trace('a', 40, 40, 40, 40),
  trace('b', 99, 99),
]

describe('deepConf', () => {
  it('stops traces below the threshold and the vote at 95 % of its weight, with exactly these draws', async () => {
    const sampler = traceSampler(script)
    const decision = await run({}, sampler)
    expect(sampler.requests.map(({ id, count, maxTokens, prefix }) => [id, count, maxTokens, prefix?.length])).toEqual([
      ['["t","trace"]', 0, undefined, 1],
      [undefined, 2, undefined, undefined],
      ['["t","trace",2,0]', 1, 3, 0],
      ['["t","trace",2,1]', 1, 3, 1],
      ['["t","trace",3,0]', 1, 3, 0],
      ['["t","trace",4,0]', 1, 3, 0],
      ['["t","trace",4,1]', 1, 3, 1],
    ])
    expect(tokensOf(decision.samples)).toEqual([3, 3, 6, 2, 4])
    // 4 + 9 + 40 for a of 55, with the 2 for b: 0.9636. With three traces it is 4 of 6, with four 13 of 15.
    expect(decision).toMatchObject({
      taskId: 't',
      answer: 'a',
      stopped: 'decided',
      sample: { index: 0, text: '..a' },
      reason: 'the answer a weighs 53 of 55 among 4 votes; 1 of 5 traces were stopped, by the threshold 2',
      usage: { completionTokens: 18, promptTokens: 1 + 1 + (1 + 4) + 1 + (1 + 4) },
    })
  })

  it('joins the pieces of a trace to the completion that they make', async () => {
    const { samples } = await run({}, script)
    const provenance = { engine: 'script', dtype: 'f64', weights: 'w' }
    expect(samples[4]).toEqual({
      id: 't',
      taskId: 't',
      index: 4,
      seed: 0,
      text: '...a',
      tokens: [46, 46, 46, 97],
      textEnds: [1, 2, 3, 4],
      logprobs: { values: [-0.5, -0.5, -0.5, -0.5], top: [[-40], [-40], [-40], [-40]], provenance, drawn: {} },
      finish: 'stop',
      usage: { promptTokens: 5, completionTokens: 4 },
    })
    expect(samples[2]).toMatchObject({ index: 2, text: '......', finish: 'length' })
  })

  it('keeps the most confident share of the warm-up, whose others have no vote', async () => {
    const warm = [trace('a', 3), trace('b', 1), trace('b', 1.5), trace('b', 2)]
    const low = await run({ warmUp: 4, keep: 0.25 }, warm)
    expect(low).toMatchObject({ answer: 'a', stopped: 'decided' })
    expect(low.reason).toBe('the answer a weighs 3 of 3 among 1 votes; 0 of 4 traces were stopped, by the threshold 3')
    const high = await run({ warmUp: 4, most: 4, keep: 0.9 }, warm)
    expect(high).toMatchObject({ answer: 'b', stopped: 'complete' })
    expect(high.reason).toBe(
      'the answer b weighs 4.5 of 7.5 among 4 votes; 0 of 4 traces were stopped, by the threshold 1',
    )
  })

  it('draws all of its traces where nothing decides, and one that ended by itself below the threshold has no vote', async () => {
    const decision = await run({ most: 4, step: 9 }, [trace('a', 4), trace('b', 3), trace('a', 1, 1), trace('b', 3)])
    expect(tokensOf(decision.samples)).toEqual([1, 1, 2, 1])
    expect(decision).toMatchObject({ answer: 'b', stopped: 'complete' })
    expect(decision.reason).toBe(
      'the answer b weighs 6 of 10 among 3 votes; 0 of 4 traces were stopped, by the threshold 3',
    )
  })

  it('ends a trace where sampling does, and asks for no more than that', async () => {
    const sampler = traceSampler([trace('a', 4, 4), trace('b', 4, 4), trace('a', 9, 9, 9, 9, 9, 9, 9)])
    const { samples } = await run({ most: 3 }, sampler, { sampling: { maxTokens: 5 } })
    expect(sampler.requests.map(({ maxTokens }) => maxTokens)).toEqual([5, 5, 3, 2])
    expect(samples[2]).toMatchObject({ text: '.....', finish: 'length' })
  })

  it('has no vote of a failed trace, nor of one whose confidence cannot be told, which it draws no further', async () => {
    const traces = [trace('a', 4), trace('!', 1), trace('?', 9, 9, 9, 9, 9), trace('!'), trace('b', 9, 9)]
    const decision = await run({ most: 5, share: 1 }, [traces[0]!, trace('b', 1), ...traces.slice(1)])
    expect(decision.samples.map(({ finish }) => finish)).toEqual(['stop', 'stop', 'failed', 'length', 'failed'])
    expect(decision.samples[3]!.logprobs).toMatchObject({ values: [-0.5, -0.5, -0.5] })
    expect(decision.reason).toBe(
      'the answer a weighs 4 of 5 among 2 votes; 1 of 5 traces were stopped, by the threshold 1',
    )
    const failed = await run({ most: 3 }, [trace('!'), trace('!'), trace('!')])
    expect(failed).toMatchObject({ answer: undefined, sample: undefined, stopped: 'complete' })
    expect(failed.reason).toBe('no trace has a vote; 0 of 3 traces were stopped, by the threshold 0')
  })

  it('picks one of tied answers at random, by the seed', async () => {
    const tied = [trace('a', 2), trace('b', 2)]
    const seeds = Array.from({ length: 40 }, (_, seed) => seed)
    const answers = await Promise.all(seeds.map(async (seed) => (await run({ most: 2 }, tied, { seed })).answer))
    expect(new Set(answers)).toEqual(new Set(['a', 'b']))
    expect((await run({ most: 2 }, tied)).reason).toContain('picked at random from 2 tied answers')
  })

  it('counts traces without an answer as it is told', async () => {
    const traces = [trace('.', 9), trace('a', 4)]
    expect(await run({ most: 2 }, traces)).toMatchObject({ answer: 'a' })
    expect(await run({ most: 2, unparsed: 'vote' }, traces)).toMatchObject({ answer: undefined, sample: { index: 0 } })
    expect(await run({ most: 2, unparsed: 'wrong' }, traces)).toMatchObject({ answer: undefined, sample: undefined })
  })
})

describe('what deepConf needs', () => {
  it('is a sampler that gives the likeliest tokens, which is said before anything is drawn', async () => {
    const { topLogprobs: _, ...sampler } = traceSampler(script)
    await expect(run({}, sampler)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'deepConf reads log-probs of the likeliest tokens, and this sampler gives none',
    })
    await expect(run({ top: 5 }, { ...sampler, topLogprobs: 2 })).rejects.toThrow(
      'deepConf reads log-probs of the 5 likeliest tokens, and this sampler gives 2',
    )
    expect(sampler.requests).toEqual([])
    await expect(run({}, [trace('?', 1), trace('?', 1)])).rejects.toThrow(
      'none of 2 traces carries the log-probs of the likeliest tokens that its sampler should give',
    )
  })

  it('is one that continues a prefix, unless there is only a warm-up', async () => {
    const whole = traceSampler(script)
    const sampler: Sampler = {
      topLogprobs: 1,
      async *sample(requests) {
        if (requests.some(({ prefix }) => prefix !== undefined)) throw new Error('it cannot go on from a prefix')
        yield* whole.sample(requests)
      },
    }
    await expect(run({}, sampler)).rejects.toThrow('it cannot go on from a prefix')
    expect(whole.requests).toEqual([])
    expect(await run({ most: 2 }, sampler)).toMatchObject({ answer: 'a', stopped: 'complete' })
  })

  it.each([
    [{ most: 0 }, 'most'],
    [{ warmUp: 0 }, 'warmUp'],
    [{ window: 1.5 }, 'window'],
    [{ step: 0 }, 'step'],
    [{ top: 0 }, 'top'],
    [{ keep: 0 }, 'keep'],
    [{ share: 0.5 }, 'share'],
  ])('are numbers in range: %j', (options, name) => {
    expect(() => deepConf({ most: 4, ...options })).toThrow(name)
  })
})

describe('under rules', () => {
  it('stops no trace before the floor, and none of a task that gets the full budget', async () => {
    const floor = await run({}, script, { rules: { floor: { samples: 5 } } })
    expect(tokensOf(floor.samples)).toEqual([3, 3, 7, 2, 4])
    expect(floor.stopped).toBe('decided')
    const always = await run({ most: 6 }, script, { rules: { always: { customer: ['gold'] } } })
    expect(tokensOf(always.samples)).toEqual([3, 3, 7, 2, 4, 2])
    expect(always).toMatchObject({ stopped: 'complete', answer: 'b' })
    // The third is drawn whole, and yet it has no vote.
    expect(always.reason).toBe(
      'the answer b weighs 101 of 154 among 5 votes; 0 of 6 traces were stopped, by the threshold 2',
    )
  })

  it('ends at a cap of traces or of tokens, and decides by what it has', async () => {
    const three = await run({}, script, { rules: { cap: { samples: 3 } } })
    expect(tokensOf(three.samples)).toEqual([3, 3, 6])
    expect(three.reason).toBe(
      'the answer a weighs 4 of 6 among 2 votes; 1 of 3 traces were stopped, by the threshold 2; the cap of 3 samples ended it',
    )
    const tokens = await run({}, script, { rules: { cap: { tokens: 10 } } })
    expect(tokensOf(tokens.samples)).toEqual([3, 3, 4])
    expect(tokens.stopped).toBe('capped')
    const one = await run({}, script, { rules: { cap: { samples: 1 } } })
    expect(one).toMatchObject({ answer: 'a', stopped: 'capped' })
  })

  const amounts = (most: number) => fc.option(fc.integer({ min: 1, max: most }), { nil: undefined })
  const traces = fc.array(
    fc.record({
      answer: fc.constantFrom('a', 'b', '.', '!', '?'),
      confidences: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 }),
    }),
    { minLength: 2, maxLength: 12 },
  )

  it('keeps every budget, whatever is drawn', async () => {
    const rules = fc.record({ samples: amounts(12), tokens: amounts(60), isFull: fc.boolean(), isCap: fc.boolean() })
    const settings = fc.record({
      most: fc.integer({ min: 1, max: 12 }),
      warmUp: fc.integer({ min: 1, max: 5 }),
      keep: fc.constantFrom(0.1, 0.5, 0.9, 1),
      window: fc.integer({ min: 1, max: 5 }),
      step: fc.integer({ min: 1, max: 5 }),
      share: fc.constantFrom(0.6, 0.95, 1),
    })
    await fc.assert(
      fc.asyncProperty(traces, rules, settings, async (given, { samples, tokens, isFull, isCap }, options) => {
        const amount = { samples: isCap ? samples : Math.min(samples ?? 0, options.most), tokens }
        const always: BudgetRules = isFull ? { always: { customer: ['gold'] } } : {}
        const asked: BudgetRules = { ...always, [isCap ? 'cap' : 'floor']: amount }
        const first: readonly ScriptedTrace[] = [trace('a', 1), ...given] // one of the warm-up can be judged
        const sampler = traceSampler(first)
        const procedure = deepConf({ ...options, answerOf })
        const decision = await runProcedure(procedure, sampler, task, { rules: asked })
        const drawn = decision.samples
        expect(drawn.length).toBeLessThanOrEqual(options.most)
        expect(drawn.map(({ index }) => index)).toEqual(drawn.map((_, i) => i))
        const total = tokensOf(drawn).reduce((a, b) => a + b, 0)
        expect(decision.usage.completionTokens).toBe(total)
        const whole = (i: number): number => {
          const { answer, confidences } = first[Math.min(i, first.length - 1)]!
          return answer === '!' ? 0 : confidences.length
        }
        if (isCap) {
          expect(drawn.length).toBeLessThanOrEqual(samples ?? Infinity)
          expect(total).toBeLessThanOrEqual(tokens ?? Infinity)
        } else {
          if (decision.stopped === 'decided') {
            expect(drawn.length).toBeGreaterThanOrEqual(amount.samples!)
            expect(total).toBeGreaterThanOrEqual(tokens ?? 0)
          }
          drawn.slice(0, amount.samples).forEach(({ usage }, i) => expect(usage.completionTokens).toBe(whole(i)))
        }
        const isWhole = isFull && !(isCap && tokens !== undefined)
        if (isFull && !isCap) expect(decision.stopped).toBe('complete')
        if (isWhole) expect(tokensOf(drawn)).toEqual(drawn.map((_, i) => whole(i)))
        if (decision.stopped === 'capped') expect(isCap).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
