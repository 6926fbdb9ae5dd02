import { requireInteger } from '@posttrain/core'
import { formatExpression, orderOperands, type Expression } from './arithmetic-expression.js'
import { applyOperator, equalRationals, formatRational, parseRational, rational } from './rational.js'
import type { Operator, Rational } from './rational.js'
import type { Verdict } from './verifier-reward.js'

/** One line of a trace: left ∘ right, what else remains, and the result that is claimed. */
interface Step {
  readonly left: Rational
  readonly operator: Operator
  readonly right: Rational
  readonly remaining: readonly Rational[]
  readonly result: Rational
}

/** The steps of a trace, or a sentence saying why it is none. The last step leaves nothing but its result. */
function parseSteps(text: string): readonly Step[] | string {
  const trimmed = text.trim()
  if (!trimmed.endsWith(' .')) return "does not end with '.'"
  const lines = trimmed.slice(0, -2).split(' | ')
  const steps: Step[] = []
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
function sameMultiset(a: readonly Rational[], b: readonly Rational[]): boolean {
  const left = [...b]
  for (const number of a) {
    const index = indexOf(left, number)
    if (index < 0) return false
    left.splice(index, 1)
  }
  return left.length === 0
}

const list = (numbers: readonly Rational[]): string => numbers.map(formatRational).join(' ')

/** Whether a step computes what it says. */
function isExact({ left, operator, right, result }: Step): boolean {
  const value = applyOperator(operator, left, right)
  return value !== undefined && equalRationals(value, result)
}

/**
 * Whether a stepwise trace solves a puzzle. Tokens are separated by single spaces, steps by `|`, and `.` ends the
 * trace; a step names two operands with their operator, the numbers that remain, and the result. Every step must be
 * exact, its operands and remaining numbers must be exactly the numbers there are, and the last result the target.
 *
 * @param text for four numbers `a o b r r c | a o b r c | a o b c .`
 * @param numbers the integers of the puzzle
 * @param target the integer to be reached
 * @throws PosttrainError `invalid-argument` for numbers that are not integers; a wrong trace is a verdict.
 * @example
 * ```ts
 * verifySteps('13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .', [4, 9, 10, 13], 24).correct // => true
 * verifySteps('13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .', [4, 9, 10, 13], 24).reason // => 'step 1 says 13 - 9 is 5'
 * ```
 */
export function verifySteps(text: string, numbers: readonly number[], target = 24): Verdict {
  let current: readonly Rational[] = numbers.map((n, i) => rational(BigInt(requireInteger(`numbers[${i}]`, n))))
  requireInteger('target', target)
  const wrong = (reason: string): Verdict => ({ correct: false, reason })
  const steps = parseSteps(text)
  if (typeof steps === 'string') return wrong(steps)
  for (const [index, step] of steps.entries()) {
    const { left, operator, right, remaining, result } = step
    const used = [left, right, ...remaining]
    if (!sameMultiset(used, current))
      return wrong(`step ${index + 1} has ${list(used)} where ${list(current)} are left`)
    if (!isExact(step)) {
      return wrong(`step ${index + 1} says ${list([left])} ${operator} ${list([right])} is ${list([result])}`)
    }
    current = [...remaining, result]
  }
  const correct = current.length === 1 && equalRationals(current[0]!, rational(BigInt(target)))
  return { correct, reason: `every step is exact and the result is ${list(current)}` }
}

/**
 * The expression that steps amount to. An operand stands for the oldest number of its value. In a wrong trace, a result
 * that is not exact stands for itself, and a step whose numbers are not those there are starts afresh: so the
 * expression has a leaf for each number of the puzzle, and solves it, only if the trace does.
 */
function rebuild(steps: readonly Step[]): Expression {
  let made: { value: Rational; expression: Expression }[] = []
  for (const step of steps) {
    const { left, operator, right, remaining, result } = step
    const used = [left, right, ...remaining]
    const current = made.map(({ value }) => value)
    if (!sameMultiset(used, current)) made = used.map((value) => ({ value, expression: { kind: 'number', value } }))
    const take = (value: Rational): Expression =>
      made.splice(
        made.findIndex((m) => equalRationals(m.value, value)),
        1,
      )[0]!.expression
    const operation: Expression = { kind: 'operation', operator, left: take(left), right: take(right) }
    made.push({ value: result, expression: isExact(step) ? operation : { kind: 'number', value: result } })
  }
  return made.at(-1)!.expression
}

/**
 * A well-formed trace as one infix expression for people to read, right or wrong; undefined for anything else.
 * A result that was not computed exactly appears as the number claimed.
 *
 * @example
 * ```ts
 * expressionOfSteps('13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .') // => '(10 - 4) * (13 - 9)'
 * ```
 */
export function expressionOfSteps(text: string): string | undefined {
  const steps = parseSteps(text)
  return typeof steps === 'string' ? undefined : formatExpression(rebuild(steps))
}

/**
 * The canonical key of the solution a trace proposes: its expression with the operands of + and * in a fixed order.
 * Traces that differ in such orders, or in the order of independent steps, have one key. Undefined for no trace.
 *
 * @example
 * ```ts
 * solutionOfSteps('10 - 4 9 13 6 | 13 - 9 6 4 | 4 * 6 24 .') // => '(10 - 4) * (13 - 9)'
 * ```
 */
export function solutionOfSteps(text: string): string | undefined {
  const steps = parseSteps(text)
  return typeof steps === 'string' ? undefined : formatExpression(orderOperands(rebuild(steps)))
}
