import { requireLength, scoreNames, unsupported, type ScoreName, type TokenCotangents } from '@posttrain/core'
import { isKernelScore } from './score-plan.js'

/** Cuts values that lie sequence after sequence into one array per sequence. */
export function splitBySequence(values: Float64Array, lengths: readonly number[]): Float64Array[] {
  let start = 0
  return lengths.map((length) => values.slice(start, (start += length)))
}

/** One score's cotangents, sequence after sequence; missing ones are 0. */
export function joinCotangents(
  cotangents: readonly TokenCotangents[],
  name: ScoreName,
  lengths: readonly number[],
): Float64Array {
  const joined = new Float64Array(lengths.reduce((total, length) => total + length, 0))
  let start = 0
  lengths.forEach((length, i) => {
    joined.set(cotangents[i]![name] ?? [], start)
    start += length
  })
  return joined
}

/**
 * Requires cotangents of scores that were computed and have a reverse, one per chosen token of each sequence.
 *
 * @throws PosttrainError `unsupported` for a score that was not computed or is never differentiated,
 *   `invalid-argument` for another length
 */
export function requireCotangents(
  cotangents: readonly TokenCotangents[],
  computed: readonly ScoreName[],
  lengths: readonly number[],
): void {
  requireLength('cotangents', cotangents, lengths.length)
  cotangents.forEach((of, i) => {
    for (const name of scoreNames) {
      const values = of[name]
      if (!values) continue
      if (!isKernelScore(name)) {
        throw unsupported(
          `cotangents[${i}] has ${name}, which is read and never differentiated`,
          'leave it out; a loss that sharpens or flattens a distribution differentiates entropy',
        )
      }
      if (!computed.includes(name)) {
        throw unsupported(
          `cotangents[${i}] has ${name}, which this pass did not compute`,
          `ask for ${name} when calling forward`,
        )
      }
      requireLength(`cotangents[${i}].${name}`, values, lengths[i]!)
    }
  })
}
