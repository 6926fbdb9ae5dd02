import {
  invalidArgument,
  requireFinite,
  requireOneOf,
  scoreNames,
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

/** Scores that a kernel computes, in a buffer of the device, and that have a reverse. */
export type KernelScore = Exclude<ScoreName, 'selfCertainty'>

/** Whether a kernel computes a score: the other one is read off the logits. */
export const isKernelScore = (name: ScoreName): name is KernelScore => name !== 'selfCertainty'

/**
 * Reads a request for scores.
 *
 * @param differentiable the scores that the model has a reverse of; who has a distribution has its self-certainty too
 * @param lacking says why a score is not among them, and what to do
 * @throws PosttrainError `unsupported` for a score that the model does not have, `invalid-argument` for a request that
 *   nobody could serve
 */
export function planScores(
  { scores = ['logprob'], temperature = 1, reference }: ScoreRequest,
  differentiable: ReadonlySet<ScoreName>,
  lacking: readonly [message: string, hint: string],
): ScorePlan {
  requireFinite('temperature', temperature, { min: 1e-6, max: 1e6 })
  const wanted = new Set(scores.map((name, i) => requireOneOf(`scores[${i}]`, name, scoreNames)))
  const has = (name: ScoreName): boolean => differentiable.has(isKernelScore(name) ? name : 'entropy')
  for (const name of wanted) if (!has(name)) throw unsupported(...lacking)
  const readsReference = wanted.has('klToReference')
  if (readsReference && !reference) {
    throw invalidArgument('klToReference needs a reference', 'give a snapshot of this policy as reference')
  }
  const names = scoreNames.filter((name) => wanted.has(name))
  return { names, temperature, readsLogits: names.some((name) => name !== 'value'), readsReference }
}
