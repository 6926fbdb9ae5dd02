import { PosttrainError } from './errors.js'
import { shapingOf, type Shaping } from './sample-request.js'

/** Which distribution log-probs were read from, and by what. */
export interface LogprobProvenance {
  /** Program and device that computed them, for instance `transformer/wasm`. */
  readonly engine: string
  /** Storage type of the logits they come from. */
  readonly dtype: 'f64' | 'f32' | 'bf16' | 'f16' | 'unknown'
  /** What shaped the distribution they are of. Absent: nothing, they are the model's own. Compared field by field. */
  readonly shaping?: Shaping | undefined
  /** Names the lineage of the weights (base model, run): the same along a training run. */
  readonly weights: string
  /** Optimizer steps since the lineage began. Staleness is the difference of two. Absent: not known. */
  readonly step?: number | undefined
}

/** Natural-log probabilities of the chosen tokens of one sample, with where they come from. */
export interface Logprobs {
  /** (chosen tokens), in nats. */
  readonly values: ArrayLike<number>
  /**
   * (chosen tokens): log-probs of the likeliest tokens at each place, in nats, the greatest first, of the distribution
   * that `values` are of; −Infinity for a token that is masked. Absent: not recorded.
   */
  readonly top?: readonly ArrayLike<number>[] | undefined
  readonly provenance: LogprobProvenance
  /**
   * What shaped the distribution that the tokens were drawn from, which need not be the one that `values` are of: `{}`
   * if nothing did. Absent: not known.
   */
  readonly drawn?: Shaping | undefined
}

const SHAPING_FIELDS = ['temperature', 'topK', 'topP', 'minP'] as const

/** A difference as people read it. */
const difference = (
  field: string,
  a: string | number | undefined,
  b: string | number | undefined,
): readonly string[] => (a === b ? [] : [`${field} (${a ?? 'none'} against ${b ?? 'none'})`])

/**
 * What shapes one of two distributions otherwise than the other, as people read it; nothing is what leaves a
 * distribution the model's own.
 *
 * @example
 * ```ts
 * shapingDifferences({ temperature: 0.5 }, { topP: 1 }) // => ['temperature (0.5 against none)']
 * ```
 */
export function shapingDifferences(a: Shaping = {}, b: Shaping = {}): readonly string[] {
  const [left, right] = [shapingOf(a), shapingOf(b)]
  return SHAPING_FIELDS.flatMap((field) => difference(field, left?.[field], right?.[field]))
}

/**
 * The fields in which two provenances differ, as people read them. The weights may differ: they are what a ratio
 * compares.
 *
 * @example
 * ```ts
 * const raw = { engine: 'wasm', dtype: 'f32', weights: 'v1' } as const
 * provenanceDifferences(raw, { ...raw, shaping: { topP: 0.9 } }) // => ['topP (none against 0.9)']
 * ```
 */
export const provenanceDifferences = (a: LogprobProvenance, b: LogprobProvenance): readonly string[] => [
  ...difference('engine', a.engine, b.engine),
  ...difference('dtype', a.dtype, b.dtype),
  ...shapingDifferences(a.shaping, b.shaping),
]

/**
 * Refuses to compare log-probs that were not computed alike. The weights may differ, everything else must agree:
 * a ratio across engines, dtypes or temperatures looks plausible and is wrong.
 *
 * @throws PosttrainError `provenance-mismatch`, naming every field that differs with both its values
 * @example
 * ```ts
 * const raw = { engine: 'wasm', dtype: 'f32', weights: 'run-1', step: 4 } as const
 * requireSameProvenance(raw, { ...raw, step: 5 }) // => undefined
 * ```
 */
export function requireSameProvenance(a: LogprobProvenance, b: LogprobProvenance): void {
  const differences = provenanceDifferences(a, b)
  if (differences.length === 0) return
  throw new PosttrainError(
    'provenance-mismatch',
    `log-probs that differ in ${differences.join(' and ')} cannot be compared`,
    'score the samples again with one policy, at one temperature',
  )
}
