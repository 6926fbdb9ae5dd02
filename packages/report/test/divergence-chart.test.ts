import { describe, expect, it } from 'vitest'
import { divergenceChart } from '../src/divergence-chart.js'
import { renderChart } from '../src/render-chart.js'

const interval = { lower: 0.1, upper: 0.5, level: 0.95, method: 'student-t' }
const series = [
  {
    name: 'gold',
    points: [
      { kl: 0, value: 0, interval: { ...interval, lower: NaN, upper: NaN } },
      { kl: 2.5, value: 0.3, interval },
    ],
  },
  { name: 'law', context: true, points: [{ kl: 1, value: 0.2 }] },
]

describe('divergenceChart', () => {
  const chart = divergenceChart({ metric: 'reward', series })

  it('says the ends of each series, and lists the measured numbers', () => {
    expect(chart.title).toBe('reward against KL from the initial policy')
    expect(chart.description).toBe(
      'reward for KL from 0.000 to 2.500 nats. gold: 0.000 at 0.000 nats, 0.300 at 2.500 nats. ' +
        'law: 0.200 at 1.000 nats.',
    )
    expect(chart.data!.rows).toEqual([
      ['gold', '0.000', '0.000 no interval'],
      ['gold', '2.500', '0.300 [0.100, 0.500]'],
    ])
  })

  it('is drawn on an axis of √KL: a quarter of the KL stands in the middle', async () => {
    const points = [0, 1, 4].map((kl) => ({ kl, value: 1 }))
    const svg = await renderChart(divergenceChart({ metric: 'reward', series: [{ name: 'gold', points }] }))
    const line = /d="(M[\d.,-]+(?:L[\d.,-]+){2})"/.exec(svg)![1]!
    const xs = [...line.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x))
    expect(xs).toHaveLength(3)
    expect([xs[0], xs[1]! / xs[2]!]).toEqual([0, 0.5])
  })

  it('refuses no points, a negative KL, and a value that is no number', () => {
    const of = (...points: { kl: number; value: number }[]) =>
      divergenceChart({ metric: 'm', series: [{ name: 's', points }] })
    expect(() => of()).toThrow('the chart of m needs at least one point, but its series have none')
    expect(() => of({ kl: -1, value: 0 })).toThrow('kl of s must be a finite number of at least 0, but is -1')
    expect(() => of({ kl: 1, value: NaN })).toThrow('value must be a finite number, but is NaN')
  })
})
