import { describe, expect, it } from 'vitest'
import { differenceTable } from '../src/difference-table.js'
import {
  describeDifference,
  formatDifference,
  formatPValue,
  type ReportedDifference,
} from '../src/format-difference.js'
import { plain } from '../src/unit.js'

const differenceOf = (value: number, overrides: Partial<ReportedDifference> = {}): ReportedDifference => ({
  difference: value,
  interval: { lower: value - 0.03, upper: value + 0.03, level: 0.95, method: 'student-t' },
  pValue: 0.0001,
  discordant: 93,
  tasks: 260,
  ...overrides,
})

const none = differenceOf(0, {
  interval: { lower: -0.242, upper: 0.242, level: 0.95, method: 'tango' },
  pValue: 1,
  discordant: 0,
  tasks: 12,
})

describe('formatDifference', () => {
  it('writes interval and p-value beside the difference', () => {
    expect(formatDifference(differenceOf(0.181))).toBe('+18.1 pp [+15.1, +21.1], p = 0.0001')
    expect(formatDifference(differenceOf(-1.5), { ...plain, signed: true })).toBe('−1.500 [−1.530, −1.470], p = 0.0001')
  })

  it('says that no task differs, where none does', () => {
    expect(formatDifference(none)).toBe('no task differs [−24.2, +24.2], n = 12, p = 1')
    const unknown = { ...none, interval: { lower: 0, upper: 0, level: 0.95, method: 'student-t' } }
    expect(formatDifference(unknown)).toBe('no task differs (n = 12, p = 1)')
  })

  it('shows an interval without width where all tasks differ alike: its p says what it is worth', () => {
    const interval = { lower: 0.25, upper: 0.25, level: 0.95, method: 'student-t' }
    const alike = differenceOf(0.25, { interval, pValue: 0.5, discordant: 2, tasks: 2 })
    expect(formatDifference(alike)).toBe('+25.0 pp [+25.0, +25.0], p = 0.5')
  })

  it('writes a bound as one', () => {
    expect(formatDifference(differenceOf(0.181, { pValueMethod: 'monte-carlo' }))).toBe(
      '+18.1 pp [+15.1, +21.1], p ≤ 0.0001',
    )
    expect(describeDifference(differenceOf(0.181, { pValueMethod: 'monte-carlo' }))).toContain(
      'sign-flip permutation test, a bound by random signs',
    )
    expect(describeDifference(differenceOf(0.181, { pValueMethod: 'interval', discordant: undefined }))).toContain(
      'student-t; p is 1 − the level at which the interval reaches 0',
    )
  })

  it('refuses a difference that is not finite', () => {
    expect(() => formatDifference(differenceOf(NaN))).toThrow('value must be a finite number, but is NaN')
  })
})

it.each([
  [1, 'p = 1'],
  [0.0078125, 'p = 0.00781'],
  [1 / 10001, 'p = 0.0001'],
  [2 ** -40, 'p = 9.09e-13'],
])('formatPValue(%d)', (p, text) => expect(formatPValue(p)).toBe(text))

it('the footnote names tasks, interval and test', () => {
  expect(describeDifference(differenceOf(0.1))).toBe(
    'n = 260 tasks; 95 % interval: student-t; p of the two-sided sign-flip permutation test',
  )
})

describe('differenceTable', () => {
  const strong = (difference: ReportedDifference): boolean | undefined => {
    const cell = differenceTable({ rows: [{ label: 'B − A', differences: { 'pass@1': difference } }] }).rows[0]![1]!
    return typeof cell === 'string' ? undefined : cell.strong
  }

  it('is strong where interval and test both exclude zero, and only there', () => {
    expect(strong(differenceOf(0.05))).toBe(true)
    expect(strong(differenceOf(-0.05))).toBe(true)
    expect(strong(differenceOf(0.02))).toBe(false)
    expect(strong(differenceOf(0.05, { pValue: 0.06 }))).toBe(false)
    expect(strong(none)).toBe(false)
  })

  it('has a row per pair and a column per metric', () => {
    const { columns, rows } = differenceTable({
      rows: [
        { label: 'B − A', differences: { 'pass@1': differenceOf(0.05) } },
        { label: 'C − A', differences: { 'pass@8': none } },
      ],
    })
    expect(columns.map(({ header }) => header)).toEqual(['paired difference', 'pass@1', 'pass@8'])
    expect(rows[0]![2]).toBe('')
    expect(rows[1]![2]).toMatchObject({ text: 'no task differs', detail: '[−24.2, +24.2], n = 12, p = 1' })
  })
})
