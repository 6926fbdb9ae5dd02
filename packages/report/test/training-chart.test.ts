import { describe, expect, it } from 'vitest'
import { renderChart } from '../src/render-chart.js'
import { trainingChart } from '../src/training-chart.js'
import { percent } from '../src/unit.js'

const points = Array.from({ length: 100 }, (_, step) => ({ step, value: step / 100 }))

describe('trainingChart', () => {
  it('says what it draws, over how many points it averages, and where the averages start and end', () => {
    const chart = trainingChart({ metric: 'solved', unit: percent, series: [{ name: 'mean', points }] })
    expect(chart.title).toBe('solved')
    expect(chart.description).toBe(
      'solved by training step, moving average of 5. mean: 1.0 % at step 0, 98.0 % at step 99.',
    )
    expect(chart.spec['title']).toBe('%, moving average of 5')
  })

  it('says nothing of averages where there are none', () => {
    const chart = trainingChart({ metric: 'reward', smoothing: 0, series: [{ name: 'mean', points }] })
    expect(chart.description).toBe('reward by training step. mean: 0.000 at step 0, 0.990 at step 99.')
    expect(chart.spec['title']).toBe('reward')
  })

  it('draws a faint and a strong line per series', async () => {
    const two = [
      { name: 'mean', points },
      { name: 'pass@8', points },
    ]
    const svg = await renderChart(trainingChart({ metric: 'reward', series: two }))
    expect(svg.match(/<path[^>]* stroke-width="1"[^>]* opacity="0\.28"/g)).toHaveLength(2)
    expect(svg.match(/<path[^>]* stroke-width="2\.25"/g)).toHaveLength(2)
  })

  it.each([
    ['no points', [], 'at least one point'],
    [
      'steps out of order',
      [
        { step: 1, value: 0 },
        { step: 1, value: 0 },
      ],
      'the steps of a must increase, but 1 follows 1',
    ],
    ['a value that is not finite', [{ step: 4, value: Infinity }], 'value of a at step 4 must be a finite number'],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => trainingChart({ metric: 'reward', series: [{ name: 'a', points: wrong }] })).toThrow(message)
  })
})
