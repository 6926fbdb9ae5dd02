import { expect, it } from 'vitest'
import { overOptimisationSections, type ReportedOverOptimisation } from '../src/over-optimisation-sections.js'
import { renderHtmlReport } from '../src/render-html-report.js'

const interval = { lower: 0.1, upper: 0.5, level: 0.95, method: 'student-t' }
const reported = (value: number) => ({ value, interval, tasks: 12 })
const coefficient = (value: number) => ({ value, se: 0.05, interval })
const found: ReportedOverOptimisation = {
  form: 'rl',
  points: [
    { at: 0, kl: 0, proxy: reported(0.2), gold: reported(0.25) },
    { at: 10, kl: 1, proxy: reported(0.4), gold: reported(0.3) },
  ],
  law: {
    tasks: 12,
    coefficients: { alpha: coefficient(1), beta: coefficient(0.5) },
    peakKl: coefficient(7.389),
    goldAt: (kl) => kl / 10,
  },
  verdict: { stop: true, reason: 'over-optimised: gold fell', bestStep: 10 },
}

it('says whether to stop, draws both scores with the law, and gives the figures and the law with its errors', () => {
  const [chart, figures, law, ...rest] = overOptimisationSections(found)
  expect(chart!.text).toBe('Stop: over-optimised: gold fell. Gold is best at step 10.')
  expect(chart).toMatchObject({
    charts: [
      {
        description:
          'reward for KL from 0.000 to 1.000 nats. proxy: 0.200 at 0.000 nats, 0.400 at 1.000 nats. ' +
          'gold: 0.250 at 0.000 nats, 0.300 at 1.000 nats. law of gold: 0.250 at 0.000 nats, 0.350 at 1.000 nats.',
      },
    ],
  })
  expect(figures).toMatchObject({
    title: 'Proxy against gold: figures',
    table: { columns: [{ header: 'step' }, { header: 'proxy' }, { header: 'gold' }] },
  })
  expect(law).toMatchObject({
    table: {
      rows: [
        ['α', '1.000', '0.050', '[0.100, 0.500]'],
        ['β', '0.500', '0.050', '[0.100, 0.500]'],
        ['KL of the peak (nats)', '7.389', '0.050', '[0.100, 0.500]'],
      ],
      note: 'R is the gold reward gained over the first point; standard errors are over n = 12 tasks.',
    },
  })
  expect(rest).toEqual([])
})

it('has no law where there is none, and says where no peak is known', async () => {
  const withoutLaw = overOptimisationSections({ ...found, form: 'best-of-n', law: undefined })
  expect(withoutLaw.map(({ kind }) => kind)).toEqual(['chart', 'table'])
  expect(withoutLaw[0]!.text).toContain('Gold is best at n = 10.')
  const withoutPeak = overOptimisationSections({ ...found, law: { ...found.law!, peakKl: undefined } })
  expect(withoutPeak[2]).toMatchObject({ table: { note: expect.stringContaining('no peak is known') as string } })
  const page = await renderHtmlReport({ title: 'A run', sections: overOptimisationSections(found) })
  expect(page).toContain('R = d(α − β log d), d = √KL')
})
