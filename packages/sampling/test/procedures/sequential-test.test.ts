import { waldTest } from '@posttrain/estimators'
import { sequentialTest } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'
import { exactRuns, expected, meanSamples, probabilityOf } from '../support/exact-runs.js'
import { exactRunsByState } from '../support/exact-runs-by-state.js'
import { numeric, scriptedSampler, task } from '../support/scripted-sampler.js'
import vectors from '../vectors/votes-and-budgets.json' with { type: 'json' }

const rule = { low: 0.3, high: 0.8, alpha: 0.1, beta: 0.1 }
const run = (options: Partial<Parameters<typeof sequentialTest>[0]>, texts: readonly string[]) =>
  sequentialTest({ most: texts.length, ...rule, ...options }).run(scriptedSampler({ t: texts }), task('t'))

/** How often the test decides, of trials that pass at a rate. */
function decided(rate: number, most: number): Record<'high' | 'low' | 'none' | 'trials', number> {
  const sums = { high: 0, low: 0, none: 0, trials: 0 }
  const visit = (passes: number, fails: number, probability: number): void => {
    const verdict = waldTest(passes, fails, rule)
    if (verdict === undefined && passes + fails < most) {
      visit(passes + 1, fails, probability * rate)
      visit(passes, fails + 1, probability * (1 - rate))
      return
    }
    sums[verdict ?? 'none'] += probability
    sums.trials += (passes + fails) * probability
  }
  visit(0, 0, 1)
  return sums
}

describe('sequentialTest', () => {
  it('answers with the first that passed once the rate is decided to be high', async () => {
    const decision = await run({ by: numeric }, ['0', '1', '2', '1', '1', '1', '1'])
    expect(decision).toMatchObject({ answer: '1', sample: { index: 1 }, stopped: 'decided' })
    expect(decision.reason).toBe('4 of 5 samples passed numeric: the rate is decided to be the high one')
  })

  it('gives up where the rate is decided to be low, and abstains where nothing is', async () => {
    expect(await run({ by: numeric }, ['0', '0', 'x', '!'])).toMatchObject({ answer: undefined, stopped: 'gave-up' })
    expect(await run({ by: numeric }, ['1', '0'])).toMatchObject({
      sample: undefined,
      stopped: 'complete',
      reason: '1 of 2 samples passed numeric: not decided',
    })
  })

  it('tests agreement with the first answer where it has no verifier', async () => {
    const decision = await run({}, ['!', ' A', 'A', 'A', 'A', 'A'])
    expect(decision).toMatchObject({ answer: 'A', sample: { index: 1 }, stopped: 'decided' })
    expect(decision.reason).toBe('3 of 3 samples agree with the first answer: the rate is decided to be the high one')
    expect(await run({}, ['A', 'B', 'C', 'D', 'E'])).toMatchObject({ answer: undefined, stopped: 'gave-up' })
    expect((await run({}, ['!', '!'])).reason).toBe('0 of 0 samples agree with the first answer: not decided')
  })

  it('stands by its decision although a floor makes it go on', async () => {
    const texts = ['1', '1', '1', '0', '0', '0', '0', '0', '0']
    const procedure = sequentialTest({ most: 9, ...rule, by: numeric })
    const decision = await procedure.run(scriptedSampler({ t: texts }), task('t'), { rules: { floor: { samples: 9 } } })
    expect([decision.answer, decision.stopped, decision.samples.length]).toEqual(['1', 'decided', 9])
  })

  it.each([0.2, 0.5, 0.9])('ends exactly as often and as late as the test, at a rate of %d', async (rate) => {
    const most = 10
    const exact = decided(rate, most)
    const runs = await exactRuns(sequentialTest({ most, ...rule, by: numeric }), { '1': rate, '0': 1 - rate }, most)
    expect(probabilityOf(runs, '1')).toBeCloseTo(exact.high, 12)
    expect(expected(runs, ({ stopped }) => Number(stopped === 'gave-up'))).toBeCloseTo(exact.low, 12)
    expect(expected(runs, ({ stopped }) => Number(stopped === 'complete'))).toBeCloseTo(exact.none, 12)
    expect(meanSamples(runs)).toBeCloseTo(exact.trials, 12)
  })

  it.each(vectors.sprt)(
    '$name: verdicts and samples are exact, run by run',
    async ({ p, low, high, alpha, beta, most, acceptHigh, acceptLow, undecided, samples }) => {
      const procedure = sequentialTest({ most, low, high, alpha, beta, by: numeric })
      const keyOf = (sequence: readonly number[]): string => `${sequence.filter((answer) => answer === 0).length}`
      const runs = await exactRunsByState(procedure, { '1': p, '0': 1 - p }, most, { keyOf })
      const share = (cause: string): number => expected(runs, ({ stopped }) => Number(stopped === cause))
      expect(share('decided')).toBeCloseTo(acceptHigh, 10)
      expect(share('gave-up')).toBeCloseTo(acceptLow, 10)
      expect(share('complete')).toBeCloseTo(undecided, 10)
      expect(meanSamples(runs)).toBeCloseTo(samples, 8)
    },
    60_000,
  )

  it('of agreement answers a with the probability that the first is a and the others show it', async () => {
    const [a, b] = [0.7, 0.3]
    const runs = await exactRuns(sequentialTest({ most: 9, ...rule }), { a, b }, 9)
    expect(probabilityOf(runs, 'a')).toBeCloseTo(a * decided(a, 8).high, 12)
    expect(probabilityOf(runs, 'b')).toBeCloseTo(b * decided(b, 8).high, 12)
  })

  it('refuses a test that cannot be made', () => {
    expect(() => sequentialTest({ ...rule, most: 0 })).toThrow('most must be')
    expect(() => sequentialTest({ ...rule, most: 5, low: 0.9 })).toThrow('high is 0.8')
    // @ts-expect-error by is no reward
    expect(() => sequentialTest({ ...rule, most: 5, by: 'tests' })).toThrow('sequentialTest needs by')
  })
})
