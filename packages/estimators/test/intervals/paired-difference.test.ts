import { describe, expect, it } from 'vitest'
import { pairedDifference } from '@posttrain/estimators'

describe('pairedDifference', () => {
  const a = [0, 0.5, 0.25, 0, 1, 0.75]
  const b = [0.5, 0.5, 0.5, 0.25, 1, 1]

  it('is the mean of b − a with an interval and a p-value', () => {
    const { difference, interval, pValue, discordant, tasks } = pairedDifference(a, b, { seed: 1 })
    expect(difference).toBeCloseTo(1.25 / 6, 14)
    expect(interval.lower).toBeLessThan(difference)
    expect(interval.upper).toBeGreaterThan(difference)
    expect(tasks).toBe(6)
    expect(discordant).toBe(4)
    expect(pValue).toBe(2 / 16) // four differences, all of one sign
    expect(pairedDifference(a, b, { method: undefined }).interval.method).toBe('student-t')
  })

  it('changes sign with the order of the systems', () => {
    const [forth, back] = [
      pairedDifference(a, b, { method: 'student-t' }),
      pairedDifference(b, a, { method: 'student-t' }),
    ]
    expect(back.difference).toBe(-forth.difference)
    expect(back.pValue).toBe(forth.pValue)
    expect(back.interval.lower).toBeCloseTo(-forth.interval.upper, 14)
  })

  it('finds no difference between equals', () => {
    expect(pairedDifference(a, a)).toMatchObject({
      difference: 0,
      pValue: 1,
      discordant: 0,
      interval: { lower: 0, upper: 0 },
    })
  })

  it('tells tasks that cancel out from tasks that do not differ', () => {
    expect(pairedDifference([0, 1, 0.5], [1, 0, 0.5])).toMatchObject({ difference: 0, pValue: 1, discordant: 2 })
  })

  it('refuses systems on different tasks', () => {
    expect(() => pairedDifference([1, 2], [1, 2, 3])).toThrow('b must have 2 entries, but has 3')
  })
})
