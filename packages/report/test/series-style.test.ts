import { describe, expect, it } from 'vitest'
import { seriesStyles } from '../src/series-style.js'

const colorOf = (name: string, series: string[], order?: string[]): string =>
  seriesStyles(
    series.map((s) => ({ name: s })),
    order,
  )[series.indexOf(name)]!.color

describe('seriesStyles', () => {
  it('keeps a system in its colour from chart to chart', () => {
    const order = ['supervised', 'mean', 'pass@8']
    expect(colorOf('pass@8', ['mean', 'pass@8'], order)).toBe(colorOf('pass@8', order))
    expect(colorOf('mean', ['mean', 'pass@8'])).not.toBe(colorOf('mean', order))
  })

  it('tells twelve systems apart', () => {
    const styles = seriesStyles(Array.from({ length: 12 }, (_, i) => ({ name: `s${i}` })))
    expect(new Set(styles.map((style) => JSON.stringify(style))).size).toBe(12)
  })

  it('draws context grey and dashed without using up a colour', () => {
    const [context, other, system] = seriesStyles([
      { name: 'GPT-4', context: true },
      { name: 'GPT-4, chain of thought', context: true },
      { name: 'mean' },
    ])
    expect(context!.color).toContain('--series-context')
    expect(context!.dash).not.toEqual(other!.dash)
    expect(system!.color).toContain('--series-1')
  })

  it('refuses two series of one name', () => {
    expect(() => seriesStyles([{ name: 'mean' }, { name: 'mean' }])).toThrow('two series are named "mean"')
  })
})
