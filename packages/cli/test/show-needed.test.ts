import type { Estimate } from '@posttrain/core'
import { expect, it } from 'vitest'
import { describeNeeded, neededJson } from '../src/show-needed.js'

const wish = { difference: 0.05, power: 0.8, level: 0.95 }
const estimateOf = (min: number, max: number): Estimate => ({
  name: 'pass@1',
  value: 0.5,
  interval: { lower: 0.4, upper: 0.6, level: 0.95, method: 'score' },
  tasks: 40,
  samplesPerTask: { min, max },
  unscored: 0,
  unscoredPolicy: 'exclude',
})

it.each([
  [{ tasks: 700, samplesPerTask: 12 }, 8, 8, '700 tasks of 8 samples, or 40 tasks of 12 samples'],
  [{ tasks: 30, samplesPerTask: 1 }, 1, 1, '30 tasks of 1 sample, or 40 tasks of 1 sample'],
  [
    { tasks: 700, samplesPerTask: Infinity },
    2,
    8,
    '700 tasks of as many samples as here; on 40 tasks no number of samples suffices',
  ],
  [{ tasks: 700, samplesPerTask: undefined }, 8, 8, '700 tasks of 8 samples'],
  [{ tasks: undefined, samplesPerTask: undefined }, 8, 8, 'not known, since no two tasks here differ'],
])('%j of %d to %d samples: %s', (needed, min, max, text) => {
  expect(describeNeeded({ ...wish, ...needed }, 'pass@1', estimateOf(min, max))).toBe(
    `to find a difference of 0.05 in pass@1 with power 0.8 at level 0.95: ${text}`,
  )
})

it('programs read null where no number will do, and nothing where none is known', () => {
  expect(neededJson({ ...wish, tasks: 700, samplesPerTask: Infinity })).toEqual({
    ...wish,
    tasks: 700,
    samplesPerTask: null,
  })
  expect(neededJson({ ...wish, tasks: undefined, samplesPerTask: undefined })).toEqual({ ...wish, tasks: null })
})
