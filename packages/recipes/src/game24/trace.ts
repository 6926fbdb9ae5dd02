import { applyOperator, equalRationals, formatRational, parseRational } from '@posttrain/rewards'
import type { Operator, Rational } from '@posttrain/rewards'
import type { Step } from './steps.js'

/**
 * The text of a solution, as the model writes it: `13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .` A step names two operands
 * with their operator, the numbers that remain, and the result.
 */
export const writeTrace = (steps: readonly Step[]): string =>
  steps.map(({ a, operator, b, rest, result }) => [a, operator, b, ...rest, result].join(' ')).join(' | ') + ' .'

/** One line of a trace: left ∘ right, what else remains, and the result that is claimed. */
export interface TracedStep {
  readonly left: Rational
  readonly operator: Operator
  readonly right: Rational
  readonly remaining: readonly Rational[]
  readonly result: Rational
}

/**
 * The steps of what `writeTrace` writes, or a sentence saying why a text is no trace. The last step leaves nothing but
 * its result.
 */
export function parseTrace(text: string): readonly TracedStep[] | string {
  const trimmed = text.trim()
  if (!trimmed.endsWith(' .')) return "does not end with '.'"
  const lines = trimmed.slice(0, -2).split(' | ')
  const steps: TracedStep[] = []
  for (const [index, line] of lines.entries()) {
    const [left, operator, right, ...rest] = line.split(' ')
    const remaining = lines.length - 1 - index
    if (rest.length !== remaining + 1) {
      return `step ${index + 1} must have two operands, ${remaining} remaining numbers and a result`
    }
    const numbers = [left!, right!, ...rest]
    const strange = numbers.find((token) => !/^-?\d+(\/0*[1-9]\d*)?$/.test(token))
    if (strange !== undefined) return `step ${index + 1} has ${JSON.stringify(strange)} in place of a number`
    if (!/^[-+*/]$/.test(operator!)) return `step ${index + 1} has ${JSON.stringify(operator)} in place of an operator`
    const [a, b, ...others] = numbers.map(parseRational)
    const result = others.pop()!
    steps.push({ left: a!, operator: operator as Operator, right: b!, remaining: others, result })
  }
  return steps
}

/** Index of a number in a list, or −1. */
const indexOf = (numbers: readonly Rational[], wanted: Rational): number =>
  numbers.findIndex((n) => equalRationals(n, wanted))

/** Whether two lists hold the same numbers, each as often. */
export function sameMultiset(a: readonly Rational[], b: readonly Rational[]): boolean {
  const left = [...b]
  for (const number of a) {
    const index = indexOf(left, number)
    if (index < 0) return false
    left.splice(index, 1)
  }
  return left.length === 0
}

export const list = (numbers: readonly Rational[]): string => numbers.map(formatRational).join(' ')

/** Whether a step computes what it says. */
export function isExact({ left, operator, right, result }: TracedStep): boolean {
  const value = applyOperator(operator, left, right)
  return value !== undefined && equalRationals(value, result)
}
