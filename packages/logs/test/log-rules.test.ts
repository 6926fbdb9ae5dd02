import { expect, it } from 'vitest'
import { unscoredPolicy } from '../src/log-rules.js'
import { logOf, samplesOf } from './in-memory.js'

const whole = logOf(samplesOf('a', [1, 0]))
const broken = logOf(samplesOf('a', [1, null, null]))

it('unscored samples count as failures unless something else is said', () => {
  expect(unscoredPolicy(broken, {})).toBe('count-as-failure')
  expect(unscoredPolicy(broken, { unscored: 'exclude' })).toBe('exclude')
  expect(unscoredPolicy(whole, { unscored: 'throw' })).toBe('throw')
})

it('refuses an unknown policy, and unscored samples under throw, with the hint in the words of the caller', () => {
  expect(() => unscoredPolicy(whole, { unscored: 'ignore' as 'throw' })).toThrow('unscored must be one of')
  expect(() => unscoredPolicy(broken, { unscored: 'throw', optionNames: { unscored: '--unscored' } })).toThrow(
    expect.objectContaining({
      code: 'unscored',
      message: 'log.jsonl, line 2: a sample has no score (2 of 3 have none)',
      hint: 'score them, or choose --unscored count-as-failure or exclude',
    }),
  )
})
