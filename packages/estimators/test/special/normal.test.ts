import { describe, expect, it } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/special/normal.js'
import { relativeError } from '../exact.js'

describe('normalCdf and normalQuantile', () => {
  it('give the figures of the tables', () => {
    expect(normalCdf(0)).toBe(0.5)
    expect(relativeError(normalCdf(-1.959963984540054), 0.025)).toBeLessThan(1e-14)
    expect(relativeError(normalCdf(-5), 2.866515718791939e-7)).toBeLessThan(1e-13)
    expect(relativeError(normalCdf(-10), 7.619853024160527e-24)).toBeLessThan(1e-13)
    expect([normalQuantile(0), normalQuantile(1), normalCdf(-50), normalCdf(50)]).toEqual([-Infinity, Infinity, 0, 1])
  })

  it('undo each other over the whole range', () => {
    for (const p of [1e-300, 1e-20, 1e-5, 0.3, 0.5, 0.9])
      expect(relativeError(normalCdf(normalQuantile(p)), p)).toBeLessThan(1e-12)
  })

  it('join without a step where the series ends', () => {
    expect(Math.abs(normalCdf(-3) - normalCdf(-2.9999999999))).toBeLessThan(1e-12)
  })
})
