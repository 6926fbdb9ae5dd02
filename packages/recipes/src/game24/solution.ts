import { equalRationals, formatExpression, orderOperands, type Expression, type Rational } from '@posttrain/rewards'
import { isExact, parseTrace, sameMultiset, type TracedStep } from './trace.js'

/**
 * The expression that steps amount to. An operand stands for the oldest number of its value. In a wrong trace, a result
 * that is not exact stands for itself, and a step whose numbers are not those there are starts afresh: so the
 * expression has a leaf for each number of the puzzle, and solves it, only if the trace does.
 */
function rebuild(steps: readonly TracedStep[]): Expression {
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
 * expressionOfTrace('13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .') // => '(10 - 4) * (13 - 9)'
 * ```
 */
export function expressionOfTrace(text: string): string | undefined {
  const steps = parseTrace(text)
  return typeof steps === 'string' ? undefined : formatExpression(rebuild(steps))
}

/**
 * The canonical key of the solution a trace proposes: its expression with the operands of + and * in a fixed order.
 * Traces that differ in such orders, or in the order of independent steps, have one key. Undefined for no trace.
 *
 * @example
 * ```ts
 * solutionOfTrace('10 - 4 9 13 6 | 13 - 9 6 4 | 4 * 6 24 .') // => '(10 - 4) * (13 - 9)'
 * ```
 */
export function solutionOfTrace(text: string): string | undefined {
  const steps = parseTrace(text)
  return typeof steps === 'string' ? undefined : formatExpression(orderOperands(rebuild(steps)))
}
