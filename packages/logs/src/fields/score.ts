import { textOf } from './field-at.js'

/** What the scores of a log are worth. */
export interface ScoreRules {
  /** Worth of scores that are written otherwise, by their text: `{ C: 1, I: 0, P: 0.5 }`; null for no score. */
  readonly verdicts?: Readonly<Record<string, number | null>> | undefined
  /** Scores of at least this are correct, the others wrong (default: scores are what they are). */
  readonly threshold?: number | undefined
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/**
 * The score that a value of a log is: a number, true or false, or a text that says one of these.
 *
 * @returns NaN for a sample that has none; undefined for what is no score
 */
export function scoreOf(value: unknown, { verdicts, threshold }: ScoreRules): number | undefined {
  const score = worthOf(value, verdicts)
  if (threshold === undefined || score === undefined || Number.isNaN(score)) return score
  return score >= threshold ? 1 : 0
}

function worthOf(value: unknown, verdicts: ScoreRules['verdicts']): number | undefined {
  if (value === undefined || value === null) return NaN
  const text = verdicts === undefined ? undefined : textOf(value)?.trim()
  if (verdicts !== undefined && text !== undefined) {
    if (Object.hasOwn(verdicts, text)) return verdicts[text] ?? NaN
  }
  if (typeof value === 'number') return value === Infinity || value === -Infinity ? undefined : value
  if (typeof value === 'boolean') return Number(value)
  return typeof value === 'string' ? numberOf(value.trim()) : undefined
}

/** The number that a text says, `true` and `false` in any case too. */
function numberOf(text: string): number | undefined {
  if (/^true$/i.test(text)) return 1
  if (/^false$/i.test(text)) return 0
  const number = DECIMAL.test(text) ? Number(text) : NaN
  return Number.isFinite(number) ? number : undefined
}
