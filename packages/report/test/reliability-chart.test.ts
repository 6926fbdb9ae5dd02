import { calibrationOf } from '@posttrain/rewards'
import { createStream } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { reliabilityChart, type ReliabilityBin } from '../src/reliability-chart.js'
import { renderChart } from '../src/render-chart.js'

const interval = { lower: 0.05, upper: 0.2, level: 0.95, method: 'score' }
const bins: readonly ReliabilityBin[] = [
  { count: 300, predicted: 0.125, observed: 0.1, interval },
  { count: 100, predicted: 0.9, observed: 0.7 },
]

describe('reliabilityChart', () => {
  const chart = reliabilityChart({ series: [{ name: 'judge', bins }] })

  it('says how far predictions are from what happened, and lists the bins with their counts', () => {
    expect(chart.description).toBe(
      'What happened against what was predicted. judge: 400 predictions in 2 bins, on average 6.9 % apart.',
    )
    expect(chart.data!.rows).toEqual([
      ['judge', '12.5 %', '10.0 % [5.0, 20.0]', '300'],
      ['judge', '90.0 %', '70.0 %', '100'],
    ])
  })

  it('draws a point for each bin by its count, a bar for each interval, and the diagonal', async () => {
    const svg = await renderChart(chart)
    // The marks are where the numbers say: the vertical axis goes down, and the picture is as wide as it is high.
    const rules = [
      ...svg.matchAll(/<line[^>]*transform="translate\(([\d.]+),([\d.]+)\)" x2="(-?[\d.]+)" y2="(-?[\d.]+)"/g),
    ]
      .map((match) => match.slice(1).map(Number) as [number, number, number, number])
      .filter(([, , dx, dy]) => dy !== 0 && (dx !== 0 || Math.abs(dy) < 100))
    const [diagonal, bar] = rules
    const side = diagonal![2]
    expect(diagonal).toEqual([0, expect.closeTo(-diagonal![3], 6), side, diagonal![3]])
    const height = -diagonal![3]
    expect(bar![0] / side).toBeCloseTo(0.125, 6)
    expect(Math.abs(bar![3]) / height).toBeCloseTo(0.15, 6)
    const radii = [...svg.matchAll(/class="mark-symbol[\s\S]*?<\/g>/g)]
      .map(([text]) => [...text.matchAll(/d="M([\d.]+),0A/g)].map(([, radius]) => Number(radius)))
      .find((found) => found.length === 2)!
    expect((radii[0]! / radii[1]!) ** 2).toBeCloseTo(3, 2) // areas are as 300 to 100
  })

  it('shows bins of calibrationOf, of which those of a calibrated model are about the diagonal', () => {
    const stream = createStream(1, 'predictions')
    const predictions = Array.from({ length: 4000 }, () => stream.uniform())
    const outcomes = predictions.map((p) => (stream.uniform() < p ? 1 : 0))
    const calibration = calibrationOf(predictions, outcomes)
    const { description, data } = reliabilityChart({ series: [{ name: 'calibrated', bins: calibration.bins }] })
    expect(description).toMatch(/4000 predictions in 10 bins, on average [012]\.\d % apart\.$/)
    expect(data!.rows.map(([, , observed]) => observed)).toEqual(
      Array.from({ length: 10 }, () => expect.stringMatching(/^[\d.]+ % \[[\d.]+, [\d.]+\]$/) as string),
    )
    const covered = calibration.bins.filter(
      (bin) => bin.interval!.lower <= bin.predicted && bin.predicted <= bin.interval!.upper,
    )
    expect(covered.length).toBeGreaterThanOrEqual(8) // of ten at 95 %; fewer happen to one seed in 100
  })

  it('refuses what is no bin', () => {
    const of = (...given: ReliabilityBin[]) => reliabilityChart({ series: [{ name: 's', bins: given }] })
    expect(() => of()).toThrow('the chart of reliability has no bin of s')
    expect(() => of({ ...bins[0]!, predicted: 1.5 })).toThrow('predicted of bin 0 of s must be')
    expect(() => of({ ...bins[0]!, observed: NaN })).toThrow('observed of bin 0 of s must be')
    expect(() => of({ ...bins[0]!, count: 0 })).toThrow('count of bin 0 of s must be an integer of at least 1')
    expect(() => of(bins[1]!, bins[0]!)).toThrow('the bins of s must be by increasing prediction, but bin 1 is below')
    expect(() => reliabilityChart({ series: ['s', 's'].map((name) => ({ name, bins })) })).toThrow(
      'two series are named',
    )
  })
})
