import {
  invalidArgument,
  requireFinite,
  requireOneOf,
  unsupported,
  type ScoreName,
  type ScoreRequest,
} from '@posttrain/core'

/** What a pass computes. */
export interface ScorePlan {
  readonly names: readonly ScoreName[]
  /** From 10⁻⁶ to 10⁶, so that float32 holds the logits divided by it. */
  readonly temperature: number
  /** True if a score is of the next-token distribution. */
  readonly readsLogits: boolean
  readonly readsReference: boolean
}

const scoreNames: readonly ScoreName[] = ['logprob', 'entropy', 'klToReference', 'value']

/**
 * Reads a request for scores.
 *
 * @param available the scores that the model has
 * @param lacking says why a score is not among them, and what to do
 * @throws PosttrainError `unsupported` for a score that the model does not have, `invalid-argument` for a request that
 *   nobody could serve
 */
export function planScores(
  { scores = ['logprob'], temperature = 1, reference }: ScoreRequest,
  available: ReadonlySet<ScoreName>,
  lacking: readonly [message: string, hint: string],
): ScorePlan {
  requireFinite('temperature', temperature, { min: 1e-6, max: 1e6 })
  const wanted = new Set(scores.map((name, i) => requireOneOf(`scores[${i}]`, name, scoreNames)))
  for (const name of wanted) if (!available.has(name)) throw unsupported(...lacking)
  const readsReference = wanted.has('klToReference')
  if (readsReference && !reference) {
    throw invalidArgument('klToReference needs a reference', 'give a snapshot of this policy as reference')
  }
  const names = scoreNames.filter((name) => wanted.has(name))
  return { names, temperature, readsLogits: names.some((name) => name !== 'value'), readsReference }
}
