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

const describe = (p: LogprobProvenance): string =>
  `${p.engine} ${p.dtype} ${p.distribution}${p.temperature === undefined ? '' : ` at temperature ${p.temperature}`}`

/**
 * Refuses to compare log-probs that were not computed alike. The weights may differ, everything else must agree:
 * a ratio across engines, dtypes or temperatures looks plausible and is wrong.
 *
 * @throws PosttrainError `provenance-mismatch`
 */
export function requireSameProvenance(a: LogprobProvenance, b: LogprobProvenance): void {
  const same =
    a.engine === b.engine &&
    a.dtype === b.dtype &&
    a.distribution === b.distribution &&
    a.temperature === b.temperature
  if (!same) {
    throw new PosttrainError(
      'provenance-mismatch',
      `log-probs of different provenance cannot form a ratio: ${describe(a)} against ${describe(b)}`,
      'score the samples again with the policy that is being trained',
    )
  }
}
