import { invalidArgument, requireInteger } from '@posttrain/core'
import { logSumExp } from './numerics.js'

/**
 * A normalised distribution over finitely many outcomes, with both forms of every entry: a probability that underflows
 * to 0 still has its log.
 */
export interface Distribution {
  /** (outcomes) */
  readonly probabilities: Float64Array
  /** (outcomes): natural logs; −∞ where the probability is 0. */
  readonly logprobs: Float64Array
}

/**
 * Probabilities computed in f32 over a large vocabulary miss 1 by less than this. What misses it by more is a mistake.
 */
const tolerance = 1e-4

/** How to read a row of numbers: {@link fromProbabilities}, {@link fromLogprobs} or {@link fromLogits}. */
export type DistributionReader = (values: ArrayLike<number>) => Distribution

/**
 * The distribution with these probabilities, scaled to add up to 1 exactly.
 *
 * @param values (outcomes): each at least 0, adding up to 1 within 1e-4
 * @returns (outcomes)
 * @throws PosttrainError `invalid-argument`
 * @example
 * ```ts
 * fromProbabilities([0.25, 0.75]).probabilities[1] // => 0.75
 * ```
 */
export function fromProbabilities(values: ArrayLike<number>): Distribution {
  let sum = 0
  for (let i = 0; i < values.length; i++) {
    const p = values[i]!
    if (!(p >= 0 && p <= 1 + tolerance)) throw invalidArgument(`probabilities[${i}] must lie in 0 … 1, but is ${p}`)
    sum += p
  }
  if (!(Math.abs(sum - 1) <= tolerance)) {
    throw invalidArgument(
      `probabilities must add up to 1, but add up to ${sum}`,
      'use fromLogits for unnormalised logs',
    )
  }
  const probabilities = Float64Array.from(values, (p) => p / sum)
  return { probabilities, logprobs: probabilities.map(Math.log) }
}

/**
 * The distribution with these natural-log probabilities, scaled to add up to 1 exactly.
 *
 * @param values (outcomes): −∞ where impossible; their exponentials add up to 1 within 1e-4
 * @returns (outcomes)
 * @throws PosttrainError `invalid-argument`
 * @example
 * ```ts
 * fromLogprobs([Math.log(0.25), Math.log(0.75)]).probabilities[0] // => 0.25
 * ```
 */
export function fromLogprobs(values: ArrayLike<number>): Distribution {
  requireLogs('logprobs', values)
  const excess = logSumExp(values)
  if (!(Math.abs(excess) <= tolerance)) {
    throw invalidArgument(
      `exp(logprobs) must add up to 1, but add up to ${Math.exp(excess)}`,
      'pass the whole vocabulary, or use fromLogits if they are unnormalised',
    )
  }
  return normalised(values, excess)
}

/**
 * softmax(logits), for logits of any size.
 *
 * @param values (outcomes): any finite numbers; −∞ where masked
 * @returns (outcomes)
 * @throws PosttrainError `invalid-argument`
 * @example
 * ```ts
 * fromLogits([0, 10_000]).logprobs[0] // => -10000
 * ```
 */
export function fromLogits(values: ArrayLike<number>): Distribution {
  requireLogs('logits', values)
  const total = logSumExp(values)
  if (total === -Infinity) throw invalidArgument('logits must have at least one entry above −∞')
  return normalised(values, total)
}

/**
 * One distribution per row of a row-major matrix.
 *
 * @param values (rows, columns)
 * @param columns size of the vocabulary
 * @param read how a row is meant, for instance `fromLogits`
 * @returns (rows)
 * @throws PosttrainError `invalid-argument` for a partial row, or as `read`
 * @example
 * ```ts
 * distributionRows([0.5, 0.5, 1, 0], 2, fromProbabilities).length // => 2
 * ```
 */
export function distributionRows(
  values: ArrayLike<number>,
  columns: number,
  read: DistributionReader,
): readonly Distribution[] {
  requireInteger('columns', columns, { min: 1 })
  if (values.length % columns !== 0) {
    throw invalidArgument(`values must have whole rows of ${columns} columns, but has ${values.length} entries`)
  }
  const all = Float64Array.from(values)
  return Array.from({ length: values.length / columns }, (_, row) =>
    read(all.subarray(row * columns, (row + 1) * columns)),
  )
}

function requireLogs(name: string, values: ArrayLike<number>): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(value < Infinity))
      throw invalidArgument(`${name}[${i}] must be a finite number or -Infinity, but is ${value}`)
  }
}

function normalised(values: ArrayLike<number>, total: number): Distribution {
  const logprobs = Float64Array.from(values, (value) => value - total)
  return { logprobs, probabilities: logprobs.map(Math.exp) }
}
