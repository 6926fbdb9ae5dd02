import { clopperPearsonInterval, meanInterval, passAtK } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { requireGate, type GateOptions } from '../src/gate-options.js'
import { gateRuns } from '../src/gate-runs.js'
import type { TaskRuns } from '../src/gate-report.js'

/** P passed, F failed, - unscored. */
const task = (id: string, letters: string): TaskRuns => ({
  id,
  runs: [...letters].map((letter) => {
    if (letter === 'P') return { kind: 'passed' }
    return letter === 'F' ? { kind: 'failed', reason: '4 is not 5' } : { kind: 'unscored', reason: 'fetch failed' }
  }),
})
const gate = (letters: string, options: Partial<GateOptions> = {}) =>
  gateRuns([task('a', letters)], requireGate({ atLeast: { 'pass@2': 0.5 }, ...options }, letters.length))

describe('a run without a score', () => {
  const letters = 'PPPPPPF---'

  it('counts as a failure', () => {
    const { checks, text } = gate(letters)
    expect(checks[0]!.value).toBe(passAtK(10, 6, 2))
    expect(checks[0]!.interval.lower).toBeCloseTo(1 - (1 - clopperPearsonInterval(6, 10).lower) ** 2, 12)
    expect(text).toContain('6 of 10 runs passed, 1 failed, 3 ended otherwise and are counted as failures')
  })

  it('is left out under exclude', () => {
    const { checks, text } = gate(letters, { unscored: 'exclude' })
    expect(checks[0]!.value).toBe(passAtK(7, 6, 2))
    expect(text).toContain('3 ended otherwise and are left out')
  })

  it('is an error under throw, and where too few others are left', () => {
    expect(() => gate(letters, { unscored: 'throw' })).toThrow('sample 7 of task a was not scored: fetch failed')
    const none = (): unknown => gate('P---------', { unscored: 'exclude' })
    expect(none).toThrow('pass@2 needs 2 scored runs, but a has 1')
  })
})

it('passes exactly from its bound on', () => {
  const { lower } = gate('PPPPPPFFFF').checks[0]!.interval
  expect(gate('PPPPPPFFFF', { atLeast: { 'pass@2': lower } }).passed).toBe(true)
  expect(gate('PPPPPPFFFF', { atLeast: { 'pass@2': lower + 1e-12 } }).passed).toBe(false)
})

it('passes only where every metric does', () => {
  const { passed, checks } = gate('PPPPPPPPPF', { atLeast: { 'pass@2': 0.5, 'pass^2': 0.4 } })
  expect(checks.map((check) => [check.metric, check.passed])).toEqual([
    ['pass@2', true],
    ['pass^2', false],
  ])
  expect(passed).toBe(false)
})

it('has an interval over tasks where there are several', () => {
  const tasks = ['PPPP', 'PPFF', 'PFFF', 'PPPF', 'FFFF', 'PPPP'].map((letters, i) => task(`t${i}`, letters))
  const { checks, text } = gateRuns(tasks, requireGate({ atLeast: { 'pass@2': 0.3 } }, 4, 6))
  const values = [4, 2, 1, 3, 0, 4].map((c) => passAtK(4, c, 2))
  expect(checks[0]!.value).toBeCloseTo(values.reduce((a, b) => a + b) / 6, 12)
  expect(checks[0]!.interval).toEqual(meanInterval(values))
  expect(text).toContain('14 of 24 runs of 6 tasks passed, 10 failed')
  expect(text).toContain('10 × failed: 4 is not 5 (first: t1, run 2)')
})
