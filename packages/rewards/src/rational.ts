import { invalidArgument, invalidData } from '@posttrain/core'

/** An exact fraction in lowest terms; the denominator is positive. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))

/**
 * The fraction numerator / denominator in lowest terms.
 *
 * @throws PosttrainError `invalid-argument` for a denominator of 0.
 * @example
 * ```ts
 * formatRational(rational(6n, -4n)) // => '-3/2'
 * ```
 */
export function rational(numerator: bigint, denominator: bigint = 1n): Rational {
  if (denominator === 0n) throw invalidArgument(`denominator must not be 0, in ${numerator}/0`)
  const sign = denominator < 0n ? -1n : 1n
  const divisor = gcd(numerator < 0n ? -numerator : numerator, sign * denominator)
  return { numerator: (sign * numerator) / divisor, denominator: (sign * denominator) / divisor }
}

/** The four operations of arithmetic, as written in expressions. */
export type Operator = '+' | '-' | '*' | '/'

/**
 * a ∘ b, exactly; undefined where it does not exist, that is for a division by 0.
 *
 * @example
 * ```ts
 * formatRational(applyOperator('/', rational(2n), rational(6n))) // => '1/3'
 * applyOperator('/', rational(2n), rational(0n)) // => undefined
 * ```
 */
export function applyOperator(operator: Operator, a: Rational, b: Rational): Rational | undefined {
  const { numerator: n, denominator: d } = a
  const { numerator: m, denominator: e } = b
  switch (operator) {
    case '+':
      return rational(n * e + m * d, d * e)
    case '-':
      return rational(n * e - m * d, d * e)
    case '*':
      return rational(n * m, d * e)
    case '/':
      return m === 0n ? undefined : rational(n * e, d * m)
  }
}

/** Whether two fractions are the same number. */
export const equalRationals = (a: Rational, b: Rational): boolean =>
  a.numerator === b.numerator && a.denominator === b.denominator

/**
 * The fraction as people write it: `-3`, `2/3`. Equal numbers give equal texts.
 *
 * @example
 * ```ts
 * formatRational(rational(4n, 6n)) // => '2/3'
 * ```
 */
export const formatRational = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`

/**
 * Reads `-3`, `2/3` or `1.25` as the exact number it denotes.
 *
 * @throws PosttrainError `invalid-data` for anything else.
 * @example
 * ```ts
 * formatRational(parseRational('1.25')) // => '5/4'
 * ```
 */
export function parseRational(text: string): Rational {
  const match = /^(-?\d+)(?:\/(\d+)|\.(\d+))?$/.exec(text)
  const denominator = match?.[2] === undefined ? 10n ** BigInt(match?.[3]?.length ?? 0) : BigInt(match[2])
  if (match === null || denominator === 0n) throw invalidData(`${JSON.stringify(text)} is not a number`)
  return rational(BigInt(match[1]! + (match[3] ?? '')), denominator)
}
