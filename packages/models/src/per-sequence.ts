import { requireLength, type ScoreName, type TokenCotangents } from '@posttrain/core'

/** Cuts values that lie sequence after sequence into one array per sequence. */
export function splitBySequence(values: Float64Array, lengths: readonly number[]): Float64Array[] {
  let start = 0
  return lengths.map((length) => values.slice(start, (start += length)))
}

/**
 * One score's cotangents, sequence after sequence; absent ones are 0.
 *
 * @throws PosttrainError `invalid-argument` if a sequence's cotangents do not have one entry per token
 */
export function joinCotangents(
  cotangents: readonly TokenCotangents[],
  name: ScoreName,
  lengths: readonly number[],
): Float64Array {
  const joined = new Float64Array(lengths.reduce((sum, length) => sum + length, 0))
  let start = 0
  lengths.forEach((length, i) => {
    const values = cotangents[i]![name]
    if (values) {
      requireLength(`cotangents[${i}].${name}`, values, length)
      joined.set(values, start)
    }
    start += length
  })
  return joined
}
