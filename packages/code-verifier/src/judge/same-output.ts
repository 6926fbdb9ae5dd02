/**
 * Whether a program wrote what was expected: the same lines, but for blanks at their ends and empty lines at the end of
 * all. Words that are decimal numerals on both sides are compared exactly as numbers; no other spelling is a number.
 *
 * @example
 * ```ts
 * sameOutput('14.0 \r\n', '14') // => true
 * sameOutput('1_4', '14') // => false
 * ```
 */
export const sameOutput = (written: string, expected: string): boolean => canonical(written) === canonical(expected)

const canonical = (text: string): string => {
  const lines = text.split('\n').map((line) => line.replace(/[ \t\r]+$/, ''))
  while (lines.at(-1) === '') lines.pop()
  return lines.map((line) => line.split(' ').map(word).join(' ')).join('\n')
}

const word = (text: string): string => {
  const [, sign, whole, fraction = ''] = /^(-?)0*([0-9]+?)(?:\.([0-9]+?)0*)?$/.exec(text) ?? []
  if (whole === undefined) return text
  const digits = fraction === '0' ? whole : [whole, ...(fraction === '' ? [] : [fraction])].join('.')
  return digits === '0' ? digits : `${sign}${digits}`
}
