import { invalidArgument } from './errors.js'
import type { Prompt } from './prompt.js'

/**
 * A prompt and the tokens that follow it. Scores, log-probs, advantages and cotangents have one entry per token whose
 * mask is 1: past the policy nobody sees another token.
 */
export interface TokenSequence {
  readonly prompt: Prompt
  readonly tokens: readonly number[]
  /** (tokens): 1 on chosen tokens. Absent: all ones. */
  readonly mask?: Uint8Array | undefined
}

/**
 * The names of all scores.
 *
 * @example
 * ```ts
 * scoreNames // => ['logprob', 'entropy', 'klToReference', 'value', 'selfCertainty']
 * ```
 */
export const scoreNames = ['logprob', 'entropy', 'klToReference', 'value', 'selfCertainty'] as const

/** Quantities a model can compute at a token. */
export type ScoreName = (typeof scoreNames)[number]

/**
 * Scores of one sequence, those that were asked for, each (chosen tokens):
 *
 * - `logprob`: log π(tokenₜ | prompt, tokens before t), in nats;
 * - `entropy`: of the next-token distribution, in nats;
 * - `klToReference`: KL(π ‖ reference) of the next-token distributions, exact over the vocabulary, in nats;
 * - `value`: what the value head says at the token;
 * - `selfCertainty`: KL(uniform ‖ π) = −(1/V)·Σⱼ log(V·pⱼ) over the V tokens of the vocabulary, in nats, greater where
 *   π is more peaked (Kang et al. 2025, https://arxiv.org/abs/2502.18581). It is read, never differentiated.
 */
export type TokenScores = { readonly [S in ScoreName]?: Float64Array | undefined }

/** ∂loss/∂score of one sequence, with the shapes of its TokenScores; an absent score has cotangent 0. */
export type TokenCotangents = TokenScores

/**
 * A score that must be there.
 *
 * @throws PosttrainError `invalid-argument` if it was not asked for
 * @example
 * ```ts
 * scoreOf({ logprob: Float64Array.of(-1) }, 'logprob') // => new Float64Array([-1])
 * ```
 */
export function scoreOf(scores: TokenScores, name: ScoreName): Float64Array {
  const values = scores[name]
  if (values) return values
  throw invalidArgument(`the score ${name} is missing`, `ask for it: { scores: ['${name}'] }`)
}
