import { requiredTasks } from '@posttrain/estimators'
import { costQuality, recommendation } from '@posttrain/recipes'
import { describe, expect, it } from 'vitest'
import { measuredAs } from './support.js'

/** Twenty tasks, of which so many are solved. */
const solved = (count: number): number[] => Array.from({ length: 20 }, (_, i) => Number(i < count))
const one = measuredAs('single sample', solved(8), 0.001)
const vote = measuredAs('maj@8', solved(14), 0.008)
const wide = measuredAs('maj@64', solved(14), 0.064)
const worse = measuredAs('best-of-8 by proxy', solved(6), 0.008)
const measured = [one, vote, wide, worse]

describe('costQuality', () => {
  it('marks what no other beats, and says how much each gains over what is deployed', () => {
    const { rows, deployed, tasks } = costQuality({ measured })
    expect([deployed, tasks]).toEqual(['single sample', 20])
    expect(rows.map(({ measured: { name }, isUndominated }) => [name, isUndominated])).toEqual([
      ['single sample', true],
      ['maj@8', true],
      ['best-of-8 by proxy', false],
      ['maj@64', false],
    ])
    expect(rows.map(({ difference }) => difference.difference)).toEqual(
      [0, 0.3, -0.1, 0.3].map((d) => expect.closeTo(d, 12)),
    )
  })

  it('recommends the cheapest that comes near the best, with the size of a test and the plan of a roll-out', () => {
    const { recommended, test, rollOut, stability } = costQuality({ measured })
    expect(recommended).toBe('maj@8')
    expect(test!.difference).toBeCloseTo(0.3, 12)
    expect(test!.perSide).toBe(requiredTasks(0.3, Math.sqrt(0.4 * 0.6 + 0.7 * 0.3), { power: 0.8, level: 0.95 }))
    expect(rollOut!.better).toBe(1)
    // Alike with every task that both solve: six of twenty make the difference, and a resample without any is rare.
    expect(stability).toBeGreaterThan(0.98)
  })

  it('takes a target, and says whether the interval reaches it, too', () => {
    const reached = costQuality({ measured, target: 0.25 })
    expect(reached.recommended).toBe('single sample')
    expect(reached.rows.map(({ reaches }) => reaches)).toEqual([
      'by-estimate',
      'with-certainty',
      'by-estimate',
      'with-certainty',
    ])
    const missed = costQuality({ measured, target: 0.9 })
    expect(missed.recommended).toBeUndefined()
    expect(missed.rows.every(({ reaches }) => reaches === 'not')).toBe(true)
    expect(recommendation(missed)).toContain('Nothing that these samples allow reaches 90.0 %; maj@8 comes nearest')
  })

  it('says when training one sample to be worth as much has paid', () => {
    const { payback } = costQuality({ measured, trainingCost: 70 })
    expect(payback!.savedPerRequest).toBeCloseTo(0.007, 12)
    expect(payback!.requests).toBe(10_000)
    expect(costQuality({ measured: [one], trainingCost: 70 }).payback!.requests).toBeUndefined()
  })

  it('plans no roll-out of what is deployed already, nor of what is no share', () => {
    const stay = costQuality({ measured: [vote, one] })
    expect([stay.recommended, stay.test, stay.rollOut]).toEqual(['maj@8', undefined, undefined])
    expect(recommendation(stay)).toMatch(/^Stay with maj@8: 70\.0 % .* for 0\.00800 a decision\./)
    const scores = [one, vote].map(({ name, money }, i) =>
      measuredAs(
        name,
        solved(8 + 6 * i).map((x) => 5 * x),
        money,
      ),
    )
    const other = costQuality({ measured: scores, isBinary: false })
    expect(other.rollOut).toBeUndefined()
    const variance = (p: number): number => 25 * p * (1 - p)
    expect(other.test!.perSide).toBe(
      requiredTasks(1.5, Math.sqrt(variance(0.4) + variance(0.7)), { power: 0.8, level: 0.95 }),
    )
  })

  it('writes a paragraph with every figure that it rests on', () => {
    const said = recommendation(costQuality({ measured, trainingCost: 70 }))
    expect(said).toMatch(
      /^Deploy maj@8 in place of single sample: 70\.0 % \[.*\] for 0\.00800 a decision, against 40\.0 %/,
    )
    expect(said).toContain('the difference is +30.0 pp')
    expect(said).toMatch(
      /With other tasks of the kind in place of these 20, the same would be chosen in \d+ % of cases\./,
    )
    expect(said).toMatch(/An A\/B test needs \d+ requests on each side/)
    expect(said).toMatch(/Roll it out at 5 %, 25 %, 50 % of the traffic/)
    expect(said).toContain('has paid for its training after 10000 requests.')
  })

  it('refuses what has no price, and nothing at all', () => {
    expect(() => costQuality({ measured: [one, measuredAs('free?', solved(3), undefined)] })).toThrow(
      'what free? costs on task 0 is not known',
    )
    expect(() => costQuality({ measured: [] })).toThrow('measured must not be empty')
    expect(() => costQuality({ measured, tolerance: -1 })).toThrow('tolerance')
  })
})
