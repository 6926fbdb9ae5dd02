import { percent, plain } from '@posttrain/report'
import { expect, it } from 'vitest'
import { describeSpread, spreadJson } from '../src/show-runs.js'

const spread = {
  name: 'pass@1',
  runs: [
    { run: '7', value: 0.5 },
    { run: '8', value: 0.75 },
    { run: '9', value: 0.25 },
  ],
  mean: 0.5,
  deviation: 0.25,
}

it('says mean, deviation, lowest and highest, with what tells runs apart', () => {
  expect(describeSpread(spread, 'seed', 'pass@1 of m', percent)).toBe(
    'pass@1 of m over 3 runs (seed): mean 50.0 %, standard deviation 25.0 pp, from 25.0 % (9) to 75.0 % (8)',
  )
  expect(describeSpread(spread, 'seed', 'mean', plain)).toBe(
    'mean over 3 runs (seed): mean 0.500, standard deviation 0.250, from 0.250 (9) to 0.750 (8)',
  )
  expect(spreadJson(spread)).toEqual({ name: 'pass@1', mean: 0.5, deviation: 0.25, values: spread.runs })
})
