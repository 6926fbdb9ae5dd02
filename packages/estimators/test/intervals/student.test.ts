import { describe, expect, it } from 'vitest'
import { studentInterval } from '@posttrain/estimators'

describe('studentInterval', () => {
  it('is mean ± t·s/√n', () => {
    const { lower, upper, level, method } = studentInterval([1, 2, 3])
    const reach = 4.302652729749464 / Math.sqrt(3) // t at 2 degrees of freedom; s = 1
    expect([lower, upper]).toEqual([expect.closeTo(2 - reach, 10), expect.closeTo(2 + reach, 10)])
    expect([level, method]).toEqual([0.95, 'student-t'])
  })

  it('takes copies of a task in one cluster for one task', () => {
    const values = [0.1, 0.7, 0.2, 0.9]
    const copied = values.flatMap((value) => [value, value, value])
    const clusters = values.flatMap((_, i) => [i, i, i])
    const { lower, upper } = studentInterval(values)
    const clustered = studentInterval(copied, { clusters })
    expect([clustered.lower, clustered.upper]).toEqual([expect.closeTo(lower, 12), expect.closeTo(upper, 12)])
    expect(studentInterval(copied).upper).toBeLessThan(upper) // pooling the copies would pretend to know more
  })

  it('refuses what has no spread', () => {
    expect(() => studentInterval([1])).toThrow('needs at least 2 tasks')
    expect(() => studentInterval([1, 2], { clusters: ['a'] })).toThrow('clusters must have 2 entries, but has 1')
    expect(() => studentInterval([1, 2], { clusters: ['a', 'a'] })).toThrow('clusters must be at least 2')
    expect(() => studentInterval([1, 2], { level: 1 })).toThrow(
      'level must be a finite number above 0 and below 1, but is 1',
    )
  })
})
