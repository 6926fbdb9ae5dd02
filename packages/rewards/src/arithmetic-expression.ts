import { applyOperator, formatRational, rational, type Operator, type Rational } from './rational.js'

/** A number, an expression with its sign changed, or an operator between two expressions. */
export type Expression =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }

/**
 * The exact value; undefined where a division by 0 leaves none.
 *
 * @example
 * ```ts
 * formatRational(evaluateExpression(parseExpression('8 / (3 - 8 / 3)'))!) // => '24'
 * evaluateExpression(parseExpression('1 / (2 - 2)')) // => undefined
 * ```
 */
export function evaluateExpression(expression: Expression): Rational | undefined {
  if (expression.kind === 'number') return expression.value
  if (expression.kind === 'negation') {
    const value = evaluateExpression(expression.operand)
    return value && rational(-value.numerator, value.denominator)
  }
  const left = evaluateExpression(expression.left)
  const right = evaluateExpression(expression.right)
  return left && right && applyOperator(expression.operator, left, right)
}

/**
 * The numbers an expression uses, from left to right, each as often as it is written.
 *
 * @example
 * ```ts
 * numbersOfExpression(parseExpression('8 / (3 - 8 / 3)')).map(formatRational) // => ['8', '3', '8', '3']
 * ```
 */
export function numbersOfExpression(expression: Expression): readonly Rational[] {
  if (expression.kind === 'number') return [expression.value]
  if (expression.kind === 'negation') return numbersOfExpression(expression.operand)
  return [...numbersOfExpression(expression.left), ...numbersOfExpression(expression.right)]
}

/** How tightly the text of an expression holds together as an operand. */
function precedence(e: Expression): number {
  if (e.kind === 'operation') return '+-'.includes(e.operator) ? 1 : 2
  return e.kind === 'negation' ? 1 : 3
}

/**
 * The expression as infix text with the parentheses it needs; reading the text gives the same grouping again.
 *
 * @example
 * ```ts
 * formatExpression(parseExpression('(1 - (2 + 3)) * (4)')) // => '(1 - (2 + 3)) * 4'
 * ```
 */
export function formatExpression(expression: Expression): string {
  const operand = (e: Expression, atLeast: number): string =>
    precedence(e) >= atLeast ? formatExpression(e) : `(${formatExpression(e)})`
  if (expression.kind === 'number') return formatNumber(expression.value)
  if (expression.kind === 'negation') return `-${operand(expression.operand, 3)}`
  const level = precedence(expression)
  // The right operand binds tighter by one: a − (b + c) is not a − b + c.
  return `${operand(expression.left, level)} ${expression.operator} ${operand(expression.right, level + 1)}`
}

/**
 * A number that no expression of whole numbers has is set apart, so that it cannot be read as a division or a negation.
 */
const formatNumber = (value: Rational): string =>
  value.denominator === 1n && value.numerator >= 0n ? formatRational(value) : `⟨${formatRational(value)}⟩`

/**
 * The expression with the operands of + and * in a fixed order, so that a + b and b + a become one. Only the
 * commutative law is used: (a + b) + c and a + (b + c) stay two ways to compute.
 *
 * @example
 * ```ts
 * formatExpression(orderOperands(parseExpression('6 * (13 - 9)'))) // => '(13 - 9) * 6'
 * ```
 */
export function orderOperands(expression: Expression): Expression {
  if (expression.kind === 'number') return expression
  if (expression.kind === 'negation') return { kind: 'negation', operand: orderOperands(expression.operand) }
  const left = orderOperands(expression.left)
  const right = orderOperands(expression.right)
  const commutes = expression.operator === '+' || expression.operator === '*'
  const swap = commutes && formatExpression(left) > formatExpression(right)
  return { ...expression, left: swap ? right : left, right: swap ? left : right }
}
