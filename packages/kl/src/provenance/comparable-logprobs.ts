import { invalidArgument, requireLength, requireSameProvenance } from '@posttrain/core'
import type { LogprobProvenance, Logprobs } from '@posttrain/core'
import { fromLogits } from '../distribution.js'
import { logRatios } from '../values/sequence-kl.js'

/**
 * lₜ = log π(yₜ) − log ref(yₜ) from log-probs that say where they come from.
 *
 * @returns one log-ratio per token, in nats
 * @throws PosttrainError `provenance-mismatch` naming the field; `invalid-argument` for different lengths
 * @example
 * ```ts
 * const provenance = { engine: 'wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' } as const
 * comparableLogRatios({ values: [-1], provenance }, { values: [-1.5], provenance }) // => new Float64Array([0.5])
 * ```
 */
export function comparableLogRatios(policy: Logprobs, reference: Logprobs): Float64Array {
  requireSameProvenance(policy.provenance, reference.provenance)
  return logRatios({ logprob: policy.values, referenceLogprob: reference.values })
}

/**
 * The log-probs under another engine or dtype name, with a reason on record: the explicit statement that a numerical difference
 * may be ignored. What shaped the distribution cannot be declared away; that takes logits and `logprobsAt`.
 *
 * @param as the engine or dtype to compare with
 * @param because why this is right, for instance `both engines agree to 1e-6 on these prompts`
 * @throws PosttrainError `invalid-argument` without a reason
 * @example
 * ```ts
 * const provenance = { engine: 'wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' } as const
 * declareAs({ values: [-1], provenance }, { engine: 'webgpu' }, 'conformance suite').provenance.engine // => 'webgpu'
 * ```
 */
export function declareAs(
  { values, provenance }: Logprobs,
  as: Partial<Pick<LogprobProvenance, 'engine' | 'dtype'>>,
  because: string,
): Logprobs {
  if (because.trim() === '') throw invalidArgument('because must say why the difference may be ignored')
  const { engine = provenance.engine, dtype = provenance.dtype } = as
  return { values, provenance: { ...provenance, engine, dtype } }
}

/**
 * The conversion between sampling transforms: log-probs of tokens at a temperature, computed anew from raw logits. The log-probs of
 * the sampled tokens alone cannot be converted, since a temperature changes every normaliser.
 *
 * @param logits one row of raw logits per token
 * @param tokens sampled tokens
 * @param temperature above 0
 * @param provenance of the logits, which must be raw
 * @returns log-probs with `distribution: 'processed'` at this temperature
 * @throws PosttrainError `invalid-argument` for processed logits, different lengths or tokens outside the vocabulary
 * @example
 * ```ts
 * const provenance = { engine: 'wasm', dtype: 'f32', distribution: 'raw', weights: 'v1' } as const
 * logprobsAt([[0, 0]], [1], 0.5, provenance).values // => [-0.6931471805599453]
 * ```
 */
export function logprobsAt(
  logits: readonly ArrayLike<number>[],
  tokens: readonly number[],
  temperature: number,
  provenance: LogprobProvenance,
): Logprobs {
  requireLength('logits', logits, tokens.length)
  if (!(temperature > 0 && temperature < Infinity)) {
    throw invalidArgument(`temperature must be above 0, but is ${temperature}`)
  }
  if (provenance.distribution !== 'raw')
    throw invalidArgument('the logits must be raw, but their provenance says processed')
  const values = tokens.map((token, t) => {
    const logprob = fromLogits(Array.from(logits[t]!, (logit) => logit / temperature)).logprobs[token]
    if (logprob === undefined)
      throw invalidArgument(`tokens[${t}] is ${token}, but the row has ${logits[t]!.length} logits`)
    return logprob
  })
  return { values, provenance: { ...provenance, distribution: 'processed', temperature } }
}
