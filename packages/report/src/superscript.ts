const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/**
 * The number of a footnote as a text medium writes it.
 *
 * @param mark digits, or nothing
 * @example
 * ```ts
 * superscript('12') // => '¹²'
 * ```
 */
export const superscript = (mark: string): string => [...mark].map((digit) => digits[Number(digit)]).join('')
