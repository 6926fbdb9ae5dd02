import type { DeviceBuffer } from '@posttrain/compute'
import type { OptimizerStep, StepReport } from '@posttrain/core'
import type { Tensor } from './tensor.js'

/** How far training has come. */
export interface Progress {
  /** Optimizer steps behind the weights, since their lineage began. */
  readonly steps: number
  /** Steps that the optimizer's moments have seen: fewer, where it started afresh from saved weights. */
  readonly updates: number
}

/** The weights of a model that learns: all of them, or an adapter on frozen ones. */
export interface TrainedParameters {
  /** What a pass reads. */
  readonly values: DeviceBuffer
  /** What a backward pass adds to, in the layout of `values`. */
  readonly gradients: DeviceBuffer
  readonly progress: Progress
  /** Takes the weights for those of another point of a training run. */
  resumeAt(progress: Progress): void
  /** A copy of the present values. */
  copy(): DeviceBuffer
  /** One AdamW step from the accumulated gradients, which it then sets to zero. */
  step(settings: OptimizerStep): Promise<StepReport>
  /** Named tensors of what is trained, with `optimizer` also of AdamW's moments. */
  tensors(optimizer: boolean): Promise<Map<string, Tensor>>
  /**
   * Takes over the tensors of a checkpoint and sets the gradients to zero; without moments in it, the optimizer starts
   * afresh.
   *
   * @throws PosttrainError `invalid-data` naming a tensor that is missing or has another shape; nothing has changed
   *   then
   */
  replace(tensors: ReadonlyMap<string, Tensor>, progress: Progress): void
  dispose(): void
}
