import { invalidData, requireInteger } from '@posttrain/core'

/** The last digit first, filled up to a width: how a small model writes numbers, because carries go this way. */
const reversedDigits = (value: number, width: number): string =>
  [...String(value).padStart(width, '0')].reverse().join(' ')

const digitCount = (value: number): number => String(value).length

/**
 * The prompt of a task: both factors digit by digit.
 *
 * @param x first factor, a positive integer
 * @param y second factor, a positive integer
 * @example
 * ```ts
 * multiplicationPrompt(123, 45) // => '1 2 3 * 4 5 ='
 * ```
 */
export function multiplicationPrompt(x: number, y: number): string {
  requireInteger('x', x, { min: 1 })
  requireInteger('y', y, { min: 1 })
  return `${[...String(x)].join(' ')} * ${[...String(y)].join(' ')} =`
}

/**
 * The right completion: for each digit of y, the last first, its partial product with x; then the product. Every number
 * has its last digit first and a fixed width; `;` separates blocks and `.` ends.
 *
 * @param x first factor, a positive integer of dₓ digits; partial products have dₓ + 1
 * @param y second factor, a positive integer of d_y digits; the product has dₓ + d_y, zeros included
 * @example
 * ```ts
 * multiplicationTrace(123, 45) // => '5 1 6 0 ; 2 9 4 0 ; 5 3 5 5 0 .'
 * ```
 */
export function multiplicationTrace(x: number, y: number): string {
  requireInteger('x', x, { min: 1 })
  requireInteger('y', y, { min: 1 })
  requireInteger('x · y', x * y)
  const width = digitCount(x)
  const partials = [...String(y)].reverse().map((digit) => reversedDigits(x * Number(digit), width + 1))
  return `${[...partials, reversedDigits(x * y, width + digitCount(y))].join(' ; ')} .`
}

/** The factors of a prompt, as texts. @throws PosttrainError `invalid-data` */
export function parsePrompt(prompt: string): readonly [string, string] {
  const match = /^(\d(?: \d)*) \* (\d(?: \d)*) =$/.exec(prompt.trim())
  if (match === null) {
    throw invalidData(
      `${JSON.stringify(prompt)} is not a multiplication`,
      "write both factors digit by digit, for instance '1 2 3 * 4 5 ='",
    )
  }
  return [match[1]!.replaceAll(' ', ''), match[2]!.replaceAll(' ', '')]
}
