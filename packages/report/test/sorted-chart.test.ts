import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderChart } from '../src/render-chart.js'
import { sortedChart } from '../src/sorted-chart.js'
import { plain, points } from '../src/unit.js'

/** The corners of the line of a chart of one series: share in per cent, value as it is written. */
const cornersOf = (values: readonly number[]): readonly (readonly [number, number])[] => {
  const { spec } = sortedChart({ metric: 'reward', series: [{ name: 'a', values }], unit: plain })
  const { values: corners } = spec['data'] as { values: { share: number; value: number }[] }
  return corners.map(({ share, value }) => [share, value])
}

describe('sortedChart', () => {
  it('says in words and numbers what it draws', () => {
    const chart = sortedChart({
      metric: 'pass@1',
      series: [
        { name: 'A', values: [1, 0, 0.5, 0, 1] },
        { name: 'B', values: [0.125] },
      ],
    })
    expect(chart.title).toBe('pass@1 of each task, sorted')
    expect(chart.description).toBe(
      'pass@1 of each task, sorted. A: 5 tasks, lowest 0.0 %, median 50.0 %, highest 100.0 %. ' +
        'B: 1 task, lowest 12.5 %, median 12.5 %, highest 12.5 %.',
    )
    expect(chart.data!.rows.map(([share, a]) => [share, a])).toEqual([
      ['lowest', '0.0 %'],
      ...['10 %', '20 %', '30 %', '40 %'].map((share) => [share, '0.0 %']),
      ...['50 %', '60 %'].map((share) => [share, '50.0 %']),
      ...['70 %', '80 %', '90 %', 'highest'].map((share) => [share, '100.0 %']),
    ])
  })

  it('draws a level step for the tasks that give the same', () => {
    expect(cornersOf([1, 0, 0.5, 0, 1])).toEqual([
      [0, 0],
      [40, 0],
      [40, 0.5],
      [60, 0.5],
      [60, 1],
      [100, 1],
    ])
    expect(cornersOf([-0.5])).toEqual([
      [0, -0.5],
      [100, -0.5],
    ])
  })

  it('of 100,000 tasks draws a thousand steps, each of which is one of its tasks', () => {
    const corners = cornersOf(Array.from({ length: 100_000 }, (_, i) => i))
    expect(corners).toHaveLength(2000)
    corners.forEach(([share, value], i) => {
      expect(value).toBe(100 * Math.floor(i / 2) + 50)
      expect(share).toBeCloseTo(Math.ceil(i / 2) / 10, 10)
    })
  })

  it('rises from 0 to 100 per cent of the tasks, whatever they give and in whatever order', () => {
    const values = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 1500 })
    fc.assert(
      fc.property(values, (some) => {
        const corners = cornersOf(some)
        expect([corners[0]![0], corners.at(-1)![0]]).toEqual([0, 100])
        corners.slice(1).forEach(([share, value], i) => {
          expect(share).toBeGreaterThanOrEqual(corners[i]![0])
          expect(value).toBeGreaterThanOrEqual(corners[i]![1])
        })
        expect(corners).toEqual(cornersOf([...some].reverse()))
      }),
      { numRuns: 30 },
    )
  })

  it('fills one series down to 0, below it too, and of several none', async () => {
    const series = [
      { name: 'B − A', values: [-0.5, 0, 0.25] },
      { name: 'C − A', values: [0.5] },
    ]
    const draw = (some: typeof series): Promise<string> =>
      renderChart(sortedChart({ metric: 'difference', series: some, unit: points }))
    const [one, two] = [await draw(series.slice(0, 1)), await draw(series)]
    expect(one.match(/<path[^>]*opacity="0\.16"/g)).toHaveLength(1)
    expect(two.match(/<path[^>]*opacity="0\.16"/g)).toBeNull()
    expect(two.match(/<path[^>]* stroke-width="2\.25"/g)).toHaveLength(2)
    expect(one).toContain('>difference (pp)</text>')
  })

  it('of tasks that all give 0 has an axis up to 1', async () => {
    const svg = await renderChart(sortedChart({ metric: 'pass@1', series: [{ name: 'a', values: [0, 0] }] }))
    expect(svg).toContain('>0</text>')
    expect(svg).toContain('>100</text>')
  })

  it.each([
    ['no value', [], 'the chart of sorted tasks has no value of a'],
    ['a value that is not finite', [0, NaN], 'value of a must be a finite number, but is NaN'],
  ])('refuses %s', (_, values, message) => {
    expect(() => sortedChart({ metric: 'x', series: [{ name: 'a', values }] })).toThrow(message)
  })
})
