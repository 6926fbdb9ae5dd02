import { describe, expect, it } from 'vitest'
import { holmPValues } from '@posttrain/estimators'

describe('holmPValues', () => {
  it('steps down', () => {
    // statsmodels 0.15.0: multipletests(…, method='holm')
    const adjusted = holmPValues([0.01, 0.04, 0.03, 0.5, 0.002, 0.03])
    ;[0.05, 0.12, 0.12, 0.5, 0.012, 0.12].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 14))
    expect(holmPValues([0.7, 0.9])).toEqual([1, 1])
    expect(holmPValues([0.2])).toEqual([0.2])
    expect(holmPValues([])).toEqual([])
  })

  it('refuses what is no probability', () => {
    expect(() => holmPValues([0.1, 1.5])).toThrow('pValues[1] must be a finite number from 0 to 1, but is 1.5')
  })
})
