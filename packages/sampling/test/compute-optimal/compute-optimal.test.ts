import { mean } from '@posttrain/core'
import { meanEstimate } from '@posttrain/estimators'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { computeOptimal, type MeasuredProcedure } from '@posttrain/sampling'

const UNKNOWN = { money: undefined, seconds: undefined }

/** First passing of a verifier, at known success rates: value 1 − (1 − p)ᵏ at k samples of ten tokens. */
function passing(rates: readonly number[], k: number, name = `pass@${k}`): MeasuredProcedure {
  const perTask = rates.map((p, i) => ({
    taskId: `${i}`,
    value: 1 - (1 - p) ** k,
    samples: k,
    tokens: 10 * k,
    ...UNKNOWN,
  }))
  const entries = perTask.map(({ value }) => ({ value, samples: 100 }))
  return {
    name,
    perTask,
    estimate: meanEstimate(entries, { name, unscored: 'throw' }),
    samples: k,
    tokens: 10 * k,
    ...UNKNOWN,
  }
}

const WIDTHS = [1, 2, 4, 8, 16, 32]
const measuredAt = (rates: readonly number[]) => WIDTHS.map((k) => passing(rates, k))
const uniform = WIDTHS.map((k) => `pass@${k}`)

describe('computeOptimal', () => {
  it('gives easy tasks few samples and hard ones many, with the exact values and costs of both', () => {
    const rates = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1))
    const difficulties = rates.map((p) => 1 - p)
    const report = computeOptimal({ measured: measuredAt(rates), difficulties, uniform, budget: 90, bins: 2 })
    // 20 tokens on easy tasks and 160 on hard ones are 90 on average where each fold has as many of both.
    expect(report.choice).toEqual({ edges: [1 - 0.9], procedures: ['pass@2', 'pass@16'] })
    expect(report.folds.map(({ tested }) => tested)).toEqual([20, 20])
    const gain = report.chosen.value.value - report.uniform.value.value
    expect(report.difference.difference).toBeCloseTo(gain, 12)
    expect(report.uniform.cost).toBeCloseTo(report.chosen.cost, 9)
    expect(report.difference.interval.lower).toBeGreaterThan(0)
    for (const { choice } of report.folds) expect(choice.edges).toEqual([1 - 0.9])
  })

  it('equals a calculation by hand where folds are known to choose alike', () => {
    // All tasks alike: nothing to gain, and the mixture of widths meets the budget between two of them.
    const rates = Array.from({ length: 10 }, () => 0.5)
    const report = computeOptimal({
      measured: measuredAt(rates),
      difficulties: rates,
      uniform: ['pass@1', 'pass@4'],
      budget: 20,
      bins: 1,
    })
    expect(report.choice).toEqual({ edges: [], procedures: ['pass@2'] })
    expect(report.chosen.value.value).toBeCloseTo(0.75, 14)
    expect(report.chosen.cost).toBeCloseTo(20, 12)
    // A third of the way from 0.5 at 10 tokens to 0.9375 at 40.
    expect(report.uniform.value.value).toBeCloseTo(0.5 + 0.4375 / 3, 12)
    expect(report.uniform.cost).toBeCloseTo(20, 12)
  })

  it('is, on the tasks of its fit, never worse than any one procedure within the budget', () => {
    const rate = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rate, rate), { minLength: 4, maxLength: 30 }),
        fc.integer({ min: 10, max: 320 }),
        fc.integer({ min: 1, max: 3 }),
        (drawn, budget, bins) => {
          const rates = drawn.map(([p]) => p)
          const difficulties = drawn.map(([, difficulty]) => difficulty)
          fc.pre(rates.length / 2 >= bins)
          const measured = measuredAt(rates)
          const { choice } = computeOptimal({ measured, difficulties, uniform, budget, bins })
          const picked = difficulties.map((difficulty, task) => {
            const bin = choice.edges.filter((edge) => difficulty > edge).length
            return measured.find(({ name }) => name === choice.procedures[bin])!.perTask[task]!
          })
          expect(mean(picked.map(({ tokens }) => tokens))).toBeLessThanOrEqual(budget + 1e-9)
          for (const { perTask, tokens } of measured) {
            if (tokens > budget) continue
            const single = mean(perTask.map(({ value }) => value))
            expect(mean(picked.map(({ value }) => value))).toBeGreaterThanOrEqual(single - 1e-12)
          }
        },
      ),
    )
  })

  it('promises nothing where difficulties say nothing: on tasks not seen it is no better than uniform', () => {
    const rates = Array.from({ length: 200 }, (_, i) => ((i * 37) % 100) / 100)
    const difficulties = rates.map((_, i) => (i * 61) % 100)
    const report = computeOptimal({ measured: measuredAt(rates), difficulties, uniform, budget: 80 })
    expect(report.difference.interval.lower).toBeLessThan(0)
  })

  it('says what the widest uniform costs where it does not reach as far', () => {
    const rates = Array.from({ length: 8 }, () => 0.1)
    const report = computeOptimal({
      measured: measuredAt(rates),
      difficulties: rates,
      uniform: ['pass@4'],
      budget: 320,
      bins: 1,
    })
    expect([report.chosen.cost, report.uniform.cost]).toEqual([320, 40])
  })

  it('counts in samples where that is asked', () => {
    const rates = Array.from({ length: 8 }, () => 0.1)
    const of = { measured: measuredAt(rates), difficulties: rates, uniform, bins: 1, unit: 'samples' as const }
    expect(computeOptimal({ ...of, budget: 8 }).choice.procedures).toEqual(['pass@8'])
  })

  it('refuses what does not fit together', () => {
    const rates = [0.1, 0.2, 0.3, 0.4]
    const base = { measured: measuredAt(rates), difficulties: rates, uniform, budget: 100, bins: 2 }
    const [first] = base.measured
    expect(() => computeOptimal({ ...base, measured: [] })).toThrow('measured must not be empty')
    expect(() => computeOptimal({ ...base, measured: [first!, first!] })).toThrow('two of the measured procedures')
    expect(() => computeOptimal({ ...base, measured: [first!, passing([0.1, 0.2], 2)] })).toThrow('of different tasks')
    expect(() => computeOptimal({ ...base, difficulties: [1] })).toThrow('1 difficulties, but 4 tasks')
    expect(() => computeOptimal({ ...base, uniform: ['maj@8'] })).toThrow('nothing measured has the name maj@8')
    expect(() => computeOptimal({ ...base, uniform: [] })).toThrow('uniform must not be empty')
    expect(() => computeOptimal({ ...base, budget: 5 })).toThrow('cost 10, but the budget is 5')
    expect(() => computeOptimal({ ...base, folds: 5 })).toThrow('folds')
    expect(() => computeOptimal({ ...base, bins: 3 })).toThrow('too few for 3 bins')
  })
})
