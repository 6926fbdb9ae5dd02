import { invalidArgument } from '@posttrain/core'

/**
 * Where the steps of a text end, in UTF-16 units: each behind the separator that follows it, the last at the end of the
 * text. White space alone is no step of its own, but belongs to the one before.
 *
 * @param separator what stands between steps (default an empty line)
 * @returns ascending; empty for a text of white space
 * @throws PosttrainError `invalid-argument` for an empty separator
 * @example
 * ```ts
 * stepEnds('2 + 2 = 4\n\n4 · 6 = 24') // => [11, 21]
 * ```
 */
export function stepEnds(text: string, separator: string = '\n\n'): readonly number[] {
  if (separator === '') throw invalidArgument('the separator of steps is empty')
  if (text.trim() === '') return []
  const ends: number[] = []
  for (let from = 0; from < text.length;) {
    const found = text.indexOf(separator, from)
    const end = found < 0 ? text.length : found + separator.length
    const isBlank = text.slice(from, end).trim() === ''
    if (isBlank && ends.length > 0) ends[ends.length - 1] = end
    else if (!isBlank) ends.push(end)
    from = end
  }
  return ends
}
