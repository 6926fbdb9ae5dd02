import type { CallOptions } from './calls.js'
import type { LogprobProvenance } from './logprobs.js'
import type { Policy, PolicySnapshot, ScoreRequest, Scorer } from './policy.js'
import type { ScoreName, TokenCotangents, TokenScores, TokenSequence } from './scores.js'

/** Scores that remember how they were made. */
export interface ForwardPass {
  readonly scores: readonly TokenScores[]
  /**
   * Adds ∂loss/∂parameters to the gradients, given ∂loss/∂score of each sequence, in order. At most once, and before
   * the next `step` or `load`.
   *
   * @throws PosttrainError `unsupported` for the cotangent of a score that was not computed or cannot be differentiated
   */
  backward(cotangents: readonly TokenCotangents[], options?: CallOptions): Promise<void>
  /** Frees the stored activations; `backward` does so too. */
  dispose(): void
}

/** Settings of one AdamW step. */
export interface OptimizerStep {
  readonly learningRate: number
  /** Decay rates of the first and second moment (default 0.9, 0.95). */
  readonly betas?: readonly [number, number] | undefined
  /** From 1e-30 to 1e30 (default 1e-8). */
  readonly epsilon?: number | undefined
  /** Decoupled decay of weight matrices, not of gains and biases (default 0). */
  readonly weightDecay?: number | undefined
  /** Gradients are scaled down to this global norm; absent: never. */
  readonly maxGradientNorm?: number | undefined
  /** Gradients of a larger global norm are dropped and the step is refused; absent: only if the norm is not finite. */
  readonly refuseAbove?: number | undefined
}

/** What a step did. */
export interface StepReport {
  /** Global L2 norm of the gradient before clipping; undefined where a service does not say. */
  readonly gradientNorm: number | undefined
}

/**
 * Saved weights: bytes, or where a service keeps them. Readable by the kind of model that made it and by nobody else.
 */
export type Checkpoint = Uint8Array | { readonly location: string }

/** What a checkpoint holds beside weights. */
export interface SaveSettings {
  /** The optimizer's state too, so that training continues exactly (default false). */
  readonly optimizer?: boolean | undefined
}

/**
 * What learns, whether or not it samples.
 *
 * Calls take effect in the order in which they are made, and a call need not be awaited before the next. If one fails,
 * those made after it and before its failure was known fail too, with it as cause; where the weights may have changed
 * nevertheless, every call but `load` is refused from then on. A call aborted after it was sent counts as failed.
 */
export interface Trainable extends Scorer {
  /** Scores whose cotangents `backward` accepts. */
  readonly differentiable: ReadonlySet<ScoreName>
  /** As `score`, keeping what `backward` needs. */
  forward(sequences: readonly TokenSequence[], request?: ScoreRequest, options?: CallOptions): Promise<ForwardPass>
  /**
   * Applies the accumulated gradients and sets them to zero; it does the latter if it throws, too.
   *
   * @throws PosttrainError `exploded` for gradients that are not finite or above `refuseAbove`, and for a step after
   *   which a weight might not be finite: no weight has changed then
   */
  step(settings: OptimizerStep, options?: CallOptions): Promise<StepReport>
  /** The present weights, with `optimizer` also the optimizer's state. */
  save(settings?: SaveSettings, options?: CallOptions): Promise<Checkpoint>
  /**
   * Replaces weights (and the optimizer's state, where the checkpoint has it). @throws PosttrainError `invalid-data`
   */
  load(checkpoint: Checkpoint, options?: CallOptions): Promise<void>
}

/**
 * A policy that learns. Trainers know nothing else of a model: forward to scores, backward from cotangents, step. No
 * autograd crosses this boundary, so a softmax table, a transformer on WASM and a remote cluster look alike.
 */
export interface TrainablePolicy extends Policy, Trainable {
  readonly provenance: LogprobProvenance
  /** Frozen copy of the present weights. */
  snapshot(options?: CallOptions): Promise<PolicySnapshot>
}
