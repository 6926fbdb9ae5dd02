import {
  requireEnoughSamples,
  requireFinite,
  requireFiniteArray,
  requireInteger,
  requireLength,
  requireOneOf,
} from '@posttrain/core'
import { describe, expect, it } from 'vitest'

describe('argument checks', () => {
  it('name the argument, what it must be and what it is', () => {
    expect(requireInteger('k', 8, { min: 1, max: 8 })).toBe(8)
    expect(() => requireInteger('k', 0, { min: 1, max: 8 })).toThrow('k must be an integer from 1 to 8, but is 0')
    expect(() => requireInteger('k', 1.5)).toThrow('k must be an integer, but is 1.5')
    expect(() => requireInteger('n', 2 ** 53)).toThrow('n must be an integer, but is 9007199254740992')
    expect(requireFinite('rate', 0.5, { min: 0 })).toBe(0.5)
    expect(() => requireFinite('rate', NaN)).toThrow('rate must be a finite number, but is NaN')
    expect(() => requireFinite('rate', 2, { max: 1 })).toThrow('rate must be a finite number of at most 1, but is 2')
    expect(() => requireFiniteArray('rewards', [0, Infinity])).toThrow('rewards[1] must be a finite number')
    expect(requireFinite('level', 0.5, { above: 0, below: 1 })).toBe(0.5)
    expect(() => requireFinite('level', 1, { above: 0, below: 1 })).toThrow(
      'level must be a finite number above 0 and below 1, but is 1',
    )
    expect(requireOneOf('ties', 'share', ['share', 'strict'])).toBe('share')
    expect(() => requireOneOf<string>('ties', 'Share', ['share', 'strict'])).toThrow(
      'ties must be one of share, strict, but is "Share"',
    )
    expect(() => requireLength('weights', [1], 2)).toThrow('weights must have 2 entries, but has 1')
  })

  it('refuse k > n with what can be done about it', () => {
    expect(() => requireEnoughSamples('pass@8', 8, 8)).not.toThrow()
    expect(() => requireEnoughSamples('pass@8', 8, 5)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: 'pass@8 needs at least 8 samples per task, but there are 5',
        hint: 'draw 3 more samples per task or lower k to at most 5',
      }) as Error,
    )
  })
})
