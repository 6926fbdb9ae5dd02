import { invalidArgument, requireLength } from '@posttrain/core'
import type { LossConstants, LossValue, ScoreName, TokenCotangents, TokenScores } from '@posttrain/core'

/** What one sequence adds to a loss. */
export interface SequenceTerm {
  readonly value: number
  readonly cotangents: TokenCotangents
}

/** The sum over a batch of what each sequence adds by itself. */
export function addUp(
  scores: readonly TokenScores[],
  constants: readonly LossConstants[],
  term: (scores: TokenScores, constants: LossConstants, index: number) => SequenceTerm,
): Pick<LossValue, 'value' | 'cotangents'> {
  requireLength('constants', constants, scores.length)
  const terms = scores.map((sequence, i) => term(sequence, constants[i]!, i))
  return { value: terms.reduce((sum, { value }) => sum + value, 0), cotangents: terms.map((t) => t.cotangents) }
}

/** weight · Σₜ f(scoreₜ), where f gives a value and its slope. */
export function overTokens(
  name: ScoreName,
  score: Float64Array,
  weight: number,
  f: (score: number, t: number) => { readonly value: number; readonly slope: number },
): SequenceTerm {
  let value = 0
  const cotangent = score.map((x, t) => {
    const at = f(x, t)
    value += weight * at.value
    return weight * at.slope
  })
  return { value, cotangents: { [name]: cotangent } }
}

/** The advantage of each token: its own, or that of its sequence. */
export function advantagesOf({ advantage }: LossConstants, tokens: number, index: number): ArrayLike<number> {
  if (typeof advantage === 'number') return new Float64Array(tokens).fill(advantage)
  requireLength(`advantage of sequence ${index}`, advantage, tokens)
  return advantage
}

const remedies = {
  samplingLogprob: 'sample from a policy that records log-probs',
  startLogprob: 'score the samples with the policy before its first update on them',
  referenceLogprob: 'score the sequences with the reference policy',
  returns: 'form returns from rewards and values, for instance as advantage + value at the time of sampling',
  samplingValue: 'keep the values at the time of sampling, or use the loss without a clip',
} as const

/** A constant per token that a loss cannot do without. */
export function constantOf(
  name: keyof typeof remedies,
  constants: LossConstants,
  tokens: number,
  index: number,
): ArrayLike<number> {
  const values = constants[name]
  if (!values) throw invalidArgument(`sequence ${index} has no ${name}, which this loss needs`, remedies[name])
  requireLength(`${name} of sequence ${index}`, values, tokens)
  return values
}

/** A score that a loss differentiates. */
export function scoreOf(name: ScoreName, scores: TokenScores, index: number): Float64Array {
  const score = scores[name]
  if (!score) throw invalidArgument(`sequence ${index} has no ${name}`, `request the score ${name} of the policy`)
  requireLength(`${name} of sequence ${index}`, score, scores.logprob.length)
  return score
}

/** x moved to the nearest number from low to high. */
export const clip = (x: number, low: number, high: number): number => Math.min(Math.max(x, low), high)

/** count / total; 0 of nothing is 0. */
export const fraction = (count: number, total: number): number => (total === 0 ? 0 : count / total)
