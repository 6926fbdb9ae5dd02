import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderChart } from '../src/render-chart.js'
import { tradeOffChart, undominatedPoints } from '../src/trade-off-chart.js'

const interval = { lower: 0.4, upper: 0.6, level: 0.95, method: 'score' }
const points = [
  { name: 'vote of 8', cost: 8, value: 0.6 },
  { name: 'one', cost: 1, value: 0.5, interval },
  { name: 'best of 4', cost: 4, value: 0.45 },
  { name: 'constructor', cost: 16, value: 0.6 },
]
const chart = tradeOffChart({ points, metric: 'solved', costName: 'cents' })

describe('tradeOffChart', () => {
  it('says which choices no other beats, and lists all by cost', () => {
    expect(chart.title).toBe('solved against cents')
    expect(chart.description).toBe(
      'solved against cents: 4 choices. No other beats one (50.0 % at 1.000), vote of 8 (60.0 % at 8.000).',
    )
    expect(chart.data!.rows).toEqual([
      ['one', '1.000', '50.0 % [40.0, 60.0]', 'no'],
      ['best of 4', '4.000', '45.0 %', 'yes'],
      ['vote of 8', '8.000', '60.0 %', 'no'],
      ['constructor', '16.000', '60.0 %', 'yes'],
    ])
  })

  it('is drawn with a name at each of them, on a logarithmic axis', async () => {
    const svg = await renderChart(chart)
    for (const name of ['one', 'vote of 8']) expect(svg).toContain(`>${name}</text>`)
    for (const name of ['best of 4', 'constructor']) expect(svg).not.toContain(`>${name}</text>`)
    const labels = [...svg.matchAll(/translate\(([\d.]+),[-\d.]+\)[^>]*>(one|vote of 8)</g)].map(([, x]) => Number(x))
    const [from, to] = labels as [number, number]
    expect(labels).toHaveLength(2)
    expect((to - from) / (960 - 60)).toBeGreaterThan(0.6) // 8 is three quarters of the way from 1 to 16
    expect((to - from) / (960 - 60)).toBeLessThan(0.8)
  })

  it('is drawn of one choice alone', async () => {
    const alone = tradeOffChart({ points: points.slice(0, 1), metric: 'solved', costName: 'cents' })
    expect(await renderChart(alone)).toContain('vote of 8')
  })

  it('refuses what has no place on it', () => {
    const of = (...given: typeof points) => tradeOffChart({ points: given, metric: 'm', costName: 'c' })
    expect(() => of()).toThrow('the chart of m needs at least one point')
    expect(() => of({ name: 'free', cost: 0, value: 1 })).toThrow('cost of free')
    expect(() => of({ name: 'a', cost: 1, value: NaN })).toThrow('value of a')
    expect(() => of(points[0]!, points[0]!)).toThrow('two points are named "vote of 8"')
  })
})

describe('undominatedPoints', () => {
  it('leaves out exactly those that another beats, and keeps equals', () => {
    const point = fc.record({ cost: fc.integer({ min: 1, max: 5 }), value: fc.integer({ min: 0, max: 5 }) })
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 8 }), (given) => {
        const kept = undominatedPoints(given)
        expect(kept.length).toBeGreaterThan(0)
        const best = (cost: number): number =>
          Math.max(...given.filter((one) => one.cost <= cost).map(({ value }) => value))
        for (const one of given) {
          const least = Math.min(...given.filter(({ value }) => value >= one.value).map(({ cost }) => cost))
          expect(kept.includes(one)).toBe(one.value === best(one.cost) && one.cost === least)
        }
      }),
    )
  })
})
