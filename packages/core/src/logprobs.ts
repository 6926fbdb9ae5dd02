import { PosttrainError } from './errors.js'

/** Which distribution log-probs were read from, and by what. */
export interface LogprobProvenance {
  /** Program and device that computed them, for instance `transformer/wasm`. */
  readonly engine: string
  /** Storage type of the logits they come from. */
  readonly dtype: 'f64' | 'f32' | 'bf16' | 'f16' | 'unknown'
  /** `raw`: the model's own distribution; `processed`: after temperature, top-k or top-p. */
  readonly distribution: 'raw' | 'processed'
  /** Temperature that shaped a `processed` distribution. */
  readonly temperature?: number
  /** Version of the weights; two versions may be compared, that is what an importance ratio is for. */
  readonly weights: string
}

/** Natural-log probabilities of the tokens of one sample, with where they come from. */
export interface Logprobs {
  readonly values: readonly number[]
  readonly provenance: LogprobProvenance
}

/** The fields that must agree; the weights are what a ratio compares. */
const FIELDS = ['engine', 'dtype', 'distribution', 'temperature'] as const

/**
 * Refuses to compare log-probs that were not computed alike. The weights may differ, everything else must agree:
 * a ratio across engines, dtypes or temperatures looks plausible and is wrong.
 *
 * @throws PosttrainError `provenance-mismatch`, naming every field that differs with both its values
 * @example
 * ```ts
 * const raw = { engine: 'wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' } as const
 * requireSameProvenance(raw, { ...raw, weights: 'v2' }) // => undefined
 * ```
 */
export function requireSameProvenance(a: LogprobProvenance, b: LogprobProvenance): void {
  const different = FIELDS.filter((field) => a[field] !== b[field])
  if (different.length === 0) return
  const listed = different.map((field) => `${field} (${a[field] ?? 'absent'} against ${b[field] ?? 'absent'})`)
  throw new PosttrainError(
    'provenance-mismatch',
    `log-probs that differ in ${listed.join(' and ')} cannot be compared`,
    'score the samples again with one policy; @posttrain/kl has explicit conversions',
  )
}
