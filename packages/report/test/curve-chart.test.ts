import { describe, expect, it } from 'vitest'
import { curveChart } from '../src/curve-chart.js'
import { renderChart } from '../src/render-chart.js'
import { estimateOf } from './estimates.js'

const measured = (name: string, values: number[]) => ({
  name,
  points: values.map((value, i) => ({ k: 2 ** i, ...estimateOf(value) })),
})

const chart = curveChart({
  series: [
    measured('mean', [0.31, 0.38, 0.45, 0.5]),
    {
      name: 'GPT-4',
      context: true,
      points: [
        { k: 1, value: 0.073 },
        { k: 8, value: 0.172 },
      ],
    },
  ],
})

describe('curveChart', () => {
  it('says in words and numbers what it draws', () => {
    expect(chart.description).toBe(
      'pass@k for k from 1 to 8. mean: 31.0 % at k = 1, 50.0 % at k = 8. GPT-4: 7.3 % at k = 1, 17.2 % at k = 8.',
    )
    expect(chart.data!.columns.map(({ header }) => header)).toEqual(['k', 'mean', 'GPT-4'])
    expect(chart.data!.rows[1]).toEqual(['2', '38.0 % [35.0, 41.0]', ''])
    expect(chart.data!.rows[3]).toEqual(['8', '50.0 % [47.0, 53.0]', '17.2 %'])
  })

  it('places k on a logarithmic axis: doublings are equally far apart', async () => {
    const svg = await renderChart(
      curveChart({ series: [{ name: 'a', points: [1, 2, 4, 8].map((k) => ({ k, value: k / 8 })) }] }),
    )
    const line = /aria-roledescription="line mark"|class="mark-line[^>]*>.*?<path[^>]* d="M([^"]*)"/.exec(svg)![1]!
    const x = line.split('L').map((point) => Number(point.split(',')[0]))
    expect(x).toHaveLength(4)
    expect(x[1]! - x[0]!).toBeCloseTo(x[3]! - x[2]!, 2) // coordinates are written with three decimals
    expect(x[2]! - x[1]!).toBeCloseTo(x[1]! - x[0]!, 2)
  })

  it('draws a band only where there are intervals', async () => {
    const svg = await renderChart(chart)
    expect(svg.match(/<path[^>]*fill-opacity="0\.16"|<path[^>]*opacity="0\.16"/g)).toHaveLength(1)
    expect(svg).toContain('stroke-dasharray="6,4"')
  })

  it('draws the bands of six series, and says where the intervals of more are', async () => {
    const draw = (count: number): Promise<string> =>
      renderChart(curveChart({ series: Array.from({ length: count }, (_, i) => measured(`s${i}`, [0.1, 0.2])) }))
    const [six, seven] = [await draw(6), await draw(7)]
    expect(six.match(/<path[^>]*opacity="0\.16"/g)).toHaveLength(6)
    expect(six).toContain('>pass@k (%)</text>')
    expect(seven).not.toMatch(/opacity="0\.16"/)
    expect(seven).toContain('>pass@k (%); the intervals are among the numbers</text>')
  })

  it('draws series of any name, each with its name in the legend', async () => {
    const names = ['constructor', '__proto__', 'toString', '$&$`$1', '"];alert(1)//', 'datum.value']
    const named = names.map((name, i) => measured(name, [0.1 * i, 0.1 * i + 0.1]))
    const svg = await renderChart(curveChart({ series: named }))
    expect(svg.match(/<path[^>]* stroke-width="2\.25"/g)).toHaveLength(names.length)
    for (const name of names) expect(svg).toContain(`>${name.replace('&', '&amp;')}</text>`)
  })

  it('can draw a single point', async () => {
    const one = curveChart({ series: [{ name: 'a', points: [{ k: 1, value: 0.5 }] }] })
    expect(one.description).toBe('pass@k for k from 1 to 1. a: 50.0 % at k = 1.')
    // A dot: a line has no length.
    expect(await renderChart(one)).toMatch(/class="mark-symbol[^>]*><path [^>]*stroke="var\(--series-1, #2563a8\)"/)
  })

  it.each([
    ['no points', [], 'at least one point'],
    ['k below 1', [{ k: 0, value: 0 }], 'k of a must be an integer of at least 1, but is 0'],
    [
      'ks out of order',
      [
        { k: 2, value: 0 },
        { k: 1, value: 0 },
      ],
      'the ks of a must increase, but 1 follows 2',
    ],
    ['a value that is not finite', [{ k: 1, value: NaN }], 'must be a finite number, but is NaN'],
  ])('refuses %s', (_, points, message) => {
    expect(() => curveChart({ series: [{ name: 'a', points }] })).toThrow(message)
  })
})
