import { describe, expect, it } from 'vitest'
import { curveChart } from '../src/curve-chart.js'
import { renderChart } from '../src/render-chart.js'

const hostile = '</svg><script>alert("1")</script>&'
const chart = curveChart({
  metric: hostile,
  series: [
    {
      name: hostile,
      points: [
        { k: 1, value: 0.3 },
        { k: 8, value: 0.5 },
      ],
    },
    { name: 'b', points: [{ k: 1, value: 0.1 }] },
  ],
})
const clipped = {
  description: 'clipped',
  spec: {
    data: { values: [{ a: 1 }] },
    mark: { type: 'point', clip: true },
    encoding: { x: { field: 'a', type: 'quantitative' } },
  },
}

describe('renderChart', () => {
  it('gives the same bytes each time, also among other pictures', async () => {
    const first = await renderChart(clipped)
    const [again, , parallel] = await Promise.all([renderChart(clipped), renderChart(chart), renderChart(clipped)])
    expect(again).toBe(first)
    expect(parallel).toBe(first)
  })

  it('starts its ids with the prefix and refers to them', async () => {
    const svg = await renderChart(clipped, 'fig-1')
    expect(svg).toContain(' id="fig-1-0"')
    expect(svg).toContain('clip-path="url(#fig-1-0)"')
  })

  it('is one labelled picture in which texts are text', async () => {
    const svg = await renderChart(chart)
    expect(svg).toMatch(/^<svg role="img" aria-label="[^"<>]+" /)
    expect(svg).not.toContain('<script')
    expect(svg.match(/<\/svg>/g)).toHaveLength(1)
    expect(svg).toContain('&lt;script&gt;')
  })

  it('loads nothing', async () => {
    const remote = {
      description: 'remote',
      spec: { data: { url: 'https://example.com/a.csv' }, mark: 'bar', encoding: {} },
    }
    await expect(renderChart(remote)).rejects.toThrow('charts load nothing')
  })

  it('refuses what Vega-Lite would only warn about', async () => {
    const odd = {
      description: 'odd',
      spec: { data: { values: [{ a: 1 }] }, mark: 'bar', encoding: { nonsense: { field: 'a' } } },
    }
    await expect(renderChart(odd)).rejects.toThrow(/a chart could not be drawn: .*nonsense/)
  })

  it('refuses what is no specification', async () => {
    await expect(renderChart({ description: 'none', spec: {} })).rejects.toThrow('a chart could not be drawn')
  })
})
