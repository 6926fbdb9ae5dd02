import { describe, expect, it } from 'vitest'
import { mcnemarTest, signTest } from '@posttrain/estimators'
import { choose } from '../exact.js'

describe('signTest and mcnemarTest', () => {
  it('are twice a binomial tail', () => {
    let tail = 0n
    for (let j = 0; j <= 7; j++) tail += choose(30, j)
    expect(signTest(23, 7)).toBeCloseTo((2 * Number(tail)) / 2 ** 30, 14)
    expect(signTest(5, 5)).toBe(1)
    expect(signTest(0, 0)).toBe(1)
    const a = [1, 0, 0, 0, 0, 0, 1]
    const b = [1, 1, 1, 1, 1, 1, 0]
    expect(mcnemarTest(a, b)).toEqual({ onlyA: 1, onlyB: 5, pValue: expect.closeTo((2 * 7) / 64, 14) as number })
  })

  it('are exact where few differ, and agree with scipy where many do', () => {
    expect([8, 13, 30].map((n) => signTest(n, 0))).toEqual([2 ** -7, 2 ** -12, 2 ** -29])
    expect(signTest(10, 1)).toBe((2 * 12) / 2 ** 11)
    // scipy 1.17.1: binomtest(w, w + l).pvalue
    expect(signTest(480, 520)).toBeCloseTo(0.2174482932041415, 12)
    expect(signTest(481, 520)).toBeCloseTo(0.22970881468650634, 12)
    expect(signTest(5200, 4800) / 6.593515598672343e-5).toBeCloseTo(1, 10)
  })

  it('refuse verdicts other than 0 and 1', () => {
    expect(() => mcnemarTest([0, 0.5], [1, 1])).toThrow('a[1] must be 0 or 1, but is 0.5')
  })
})
