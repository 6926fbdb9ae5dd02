import { describe, expect, it } from 'vitest'
import {
  fewestTasksToDecide,
  isNonInferior,
  pairedDifference,
  tangoInterval,
  signTest,
  verdictOf,
} from '@posttrain/estimators'
import { choose } from '../exact.js'

/** The share of all evaluations of n tasks that call b worse, where a task differs with this probability, either way alike. */
function shareCalledWorse(n: number, differing: number, level: number): { worse: number; contradicted: number } {
  let worse = 0
  let contradicted = 0
  for (let m = 0; m <= n; m++) {
    const probability = Number(choose(n, m)) * differing ** m * (1 - differing) ** (n - m)
    for (let losses = 0; losses <= m; losses++) {
      const pValue = signTest(m - losses, losses)
      const verdict = verdictOf({ interval: tangoInterval(losses, m - losses, n, level), pValue })
      if (verdict !== 'worse') continue
      worse += (probability * Number(choose(m, losses))) / 2 ** m
      if (pValue > 1 - level + 1e-12) contradicted++
    }
  }
  return { worse, contradicted }
}

describe('verdictOf', () => {
  it('calls an equal system worse no more often than half of what the level leaves, exactly summed', () => {
    for (const level of [0.8, 0.9, 0.95, 0.99]) {
      for (const n of [2, 3, 5, 6, 8, 10, 20, 50]) {
        for (const differing of [0.02, 0.04, 0.1, 0.25, 0.5, 1]) {
          const { worse, contradicted } = shareCalledWorse(n, differing, level)
          expect(worse).toBeLessThanOrEqual((1 - level) / 2 + 1e-12)
          expect(contradicted).toBe(0)
        }
      }
    }
    expect(shareCalledWorse(50, 0.5, 0.95).worse).toBeCloseTo(0.0148, 4) // it is no empty promise
  })

  it('needs both: interval and test', () => {
    const interval = { lower: -0.3, upper: -0.1, level: 0.95, method: 'tango' }
    expect(verdictOf({ interval, pValue: 0.06 })).toBe('undecided')
    expect(verdictOf({ interval, pValue: 0.05 })).toBe('worse')
    expect(verdictOf({ interval: { ...interval, level: 0.9 }, pValue: 0.1 })).toBe('worse') // 1 − 0.9 < 0.1 in floating point
    expect(verdictOf({ interval: { ...interval, upper: 0.1 }, pValue: 0.01 })).toBe('undecided')
    expect(verdictOf({ interval: { ...interval, lower: 0.1, upper: 0.3 }, pValue: 0.01 })).toBe('better')
  })
})

describe('fewestTasksToDecide', () => {
  it('is the least number of tasks of which losing all is enough', () => {
    const lost = (n: number, level: number): string =>
      pairedDifference(new Float64Array(n).fill(1), new Float64Array(n), { level }).verdict
    for (const level of [0.5, 0.75, 0.8, 0.9, 0.95, 0.99, 0.999]) {
      const fewest = fewestTasksToDecide(level)
      expect(lost(fewest, level)).toBe('worse')
      if (fewest > 2) expect(lost(fewest - 1, level)).toBe('undecided')
    }
    expect([0.5, 0.8, 0.9, 0.95, 0.99].map(fewestTasksToDecide)).toEqual([2, 4, 5, 6, 8])
  })
})

describe('isNonInferior', () => {
  /** The share of all evaluations that find b not inferior where it is worse by the margin exactly. */
  const shareShown = (n: number, margin: number, differing: number): number => {
    let shown = 0
    const wins = (differing - margin) / 2 / differing
    for (let m = 0; m <= n; m++) {
      const probability = Number(choose(n, m)) * differing ** m * (1 - differing) ** (n - m)
      if (probability < 1e-12) continue
      for (let won = 0; won <= m; won++) {
        if (!isNonInferior({ interval: tangoInterval(m - won, won, n) }, margin)) continue
        shown += probability * Number(choose(m, won)) * wins ** won * (1 - wins) ** (m - won)
      }
    }
    return shown
  }

  it('finds a system that is worse by the margin not inferior in about 2.5 % of cases at most, exactly summed', () => {
    for (const n of [20, 50, 100]) {
      for (const margin of [0.02, 0.05, 0.1]) {
        // Tango's is an approximation: 0.6 points above at 20 tasks, 0.2 from 50 on.
        const most = n < 50 ? 0.031 : 0.027
        for (const differing of [margin, 0.12, 0.3, 0.6, 0.9]) {
          if (differing >= margin) expect(shareShown(n, margin, differing)).toBeLessThan(most)
        }
      }
    }
  })

  it('asks that the interval lies above −margin', () => {
    expect(isNonInferior({ interval: tangoInterval(0, 0, 100) }, 0.05)).toBe(true)
    expect(isNonInferior({ interval: tangoInterval(0, 0, 50) }, 0.05)).toBe(false)
    expect(() => isNonInferior({ interval: tangoInterval(0, 0, 50) }, 0)).toThrow(
      'margin must be a finite number above 0',
    )
  })
})
