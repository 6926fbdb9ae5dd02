import type { CallOptions, Sampler } from './sampler.js'
import type { LogprobProvenance } from './logprobs.js'

/** A prompt and the completion tokens whose scores are wanted. */
export interface TokenSequence {
  readonly prompt: string
  readonly tokens: readonly number[]
}

/** Per-token quantities a policy can compute; `logprob` is always there. */
export type ScoreName = 'logprob' | 'entropy' | 'referenceKl' | 'value'

/** Scores of one sequence, each with one entry per completion token. */
export interface TokenScores {
  /** log π(tokenₜ | prompt, tokens before t), in nats. */
  readonly logprob: Float64Array
  /** Entropy of the next-token distribution, in nats. */
  readonly entropy?: Float64Array
  /** KL(π ‖ reference) of the next-token distributions, exact over the vocabulary, in nats. */
  readonly referenceKl?: Float64Array
  /** Value head. */
  readonly value?: Float64Array
}

/** ∂loss/∂score of one sequence, with the shapes of its TokenScores; an absent score has cotangent 0. */
export type TokenCotangents = Partial<TokenScores>

/** What to compute beside log-probs. */
export interface ScoreRequest {
  readonly entropy?: boolean
  readonly value?: boolean
  /** Frozen weights of the same policy: asks for `referenceKl` against them. */
  readonly reference?: PolicySnapshot
}

/** A sampler whose token probabilities can be read. */
export interface Policy extends Sampler {
  /** Where this policy's log-probs come from, for its present weights. */
  readonly provenance: LogprobProvenance
  /** Scores of each sequence's tokens under the present weights, in order. */
  score(
    sequences: readonly TokenSequence[],
    request?: ScoreRequest,
    options?: CallOptions,
  ): Promise<readonly TokenScores[]>
}

/** Frozen weights of a policy: a policy that no longer learns, and a reference for the one it was taken of. */
export interface PolicySnapshot extends Policy {
  readonly version: string
  /** Frees what it holds; it must not be used afterwards. */
  dispose(): void
}

/** Scores that remember how they were made. */
export interface ForwardPass {
  readonly scores: readonly TokenScores[]
  /**
   * Adds ∂loss/∂parameters to the policy's gradients, given ∂loss/∂score for each sequence, in order. At most once.
   *
   * @throws PosttrainError `unsupported` for the cotangent of a score the policy cannot differentiate.
   */
  backward(cotangents: readonly TokenCotangents[]): Promise<void>
  /** Frees the stored activations; `backward` does so too. */
  dispose(): void
}

/** Settings of one AdamW step. */
export interface OptimizerStep {
  readonly learningRate: number
  /** Decay rates of the first and second moment (default 0.9, 0.95). */
  readonly betas?: readonly [number, number]
  /** Default 1e-8. */
  readonly epsilon?: number
  /** Decoupled decay of weight matrices, not of gains and biases (default 0). */
  readonly weightDecay?: number
  /** Gradients are scaled down to this global norm; absent: never. */
  readonly maxGradientNorm?: number
  /** Gradients of a larger global norm are dropped and the step is refused; absent: only if the norm is not finite. */
  readonly refuseAbove?: number
}

/** What a step did. */
export interface StepReport {
  /** Global L2 norm of the gradient before clipping. */
  readonly gradientNorm: number
}

/**
 * A policy that learns. Trainers know nothing else of a model: forward to scores, backward from cotangents, step.
 * No autograd crosses this boundary, so a softmax table, a transformer on WASM and a remote cluster look alike.
 */
export interface TrainablePolicy extends Policy {
  /** Scores whose cotangents `backward` accepts. */
  readonly differentiable: ReadonlySet<ScoreName>
  /** As `score`, keeping what `backward` needs. */
  forward(sequences: readonly TokenSequence[], request?: ScoreRequest): Promise<ForwardPass>
  /**
   * Applies the accumulated gradients and sets them to zero.
   *
   * @throws PosttrainError `exploded` for gradients that are not finite or above `refuseAbove`; nothing else has changed then
   */
  step(settings: OptimizerStep): Promise<StepReport>
  /** Frozen copy of the present weights. */
  snapshot(): Promise<PolicySnapshot>
  /** Weights, with `optimizer` also the optimizer's state, as one safetensors file. */
  save(options?: { readonly optimizer?: boolean }): Promise<Uint8Array>
  /** Replaces weights (and optimizer state, where the file has it). @throws PosttrainError `invalid-data` */
  load(file: Uint8Array): Promise<void>
}
