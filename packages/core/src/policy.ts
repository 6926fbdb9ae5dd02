import type { CallOptions } from './calls.js'
import type { LogprobProvenance } from './logprobs.js'
import type { Piece } from './piece.js'
import type { Prompt } from './prompt.js'
import type { Sampler } from './sampler.js'
import type { ScoreName, TokenScores, TokenSequence } from './scores.js'

/** A completion in pieces, with the prompt that it follows. */
export interface PiecedCompletion {
  readonly prompt: Prompt
  readonly pieces: readonly Piece[]
}

/** A completion as tokens. */
export interface EncodedCompletion extends TokenSequence {
  /** (tokens): 1 on what was said and on the end of each turn, 0 on messages and the template's own words. */
  readonly mask: Uint8Array
  /** (pieces): the number of tokens up to the end of each piece. */
  readonly ends: readonly number[]
}

/** What to compute. */
export interface ScoreRequest {
  /** Default `['logprob']`. */
  readonly scores?: readonly ScoreName[] | undefined
  /**
   * Of the distribution that log-prob, entropy and KL are of (default 1). It should be that of the sampler: otherwise
   * the gradient is of something else. A service that cannot score at it refuses with `unsupported`.
   */
  readonly temperature?: number | undefined
  /** Frozen weights of the same policy, for `klToReference`. */
  readonly reference?: PolicySnapshot | undefined
}

/** Reads sequences: a policy, a reward model, a process reward model. */
export interface Scorer {
  /** Where its log-probs come from, for its present weights and at temperature 1. */
  readonly provenance: LogprobProvenance
  /** Completions as tokens of its own vocabulary, in order. */
  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<readonly EncodedCompletion[]>
  /** Scores of each sequence under the present weights, in order. */
  score(
    sequences: readonly TokenSequence[],
    request?: ScoreRequest,
    options?: CallOptions,
  ): Promise<readonly TokenScores[]>
}

/** A sampler whose token probabilities can be read. */
export interface Policy extends Sampler, Scorer {
  readonly provenance: LogprobProvenance
}

/** Frozen weights: a policy that no longer learns, and a reference for the one it was taken of. */
export interface PolicySnapshot extends Policy {
  /** Frees what it holds; it must not be used afterwards. */
  dispose(options?: CallOptions): Promise<void>
}
