import type { DeviceBuffer } from '@posttrain/compute'
import type { OptimizerStep, StepReport } from '@posttrain/core'
import type { Tensor } from './safetensors.js'

/** The weights of a model that learns: all of them, or an adapter on frozen ones. */
export interface TrainedParameters {
  /** What a pass reads. */
  readonly values: DeviceBuffer
  /** What a backward pass adds to; laid out as `values`. */
  readonly gradients: DeviceBuffer
  /** Optimizer steps taken. */
  readonly steps: number
  /** A copy of the present values. */
  copy(): DeviceBuffer
  /** One AdamW step from the accumulated gradients, which it then sets to zero. */
  step(settings: OptimizerStep): Promise<StepReport>
  /** Named tensors of what is trained, with `optimizer` also of AdamW's moments. */
  tensors(optimizer: boolean): Promise<Map<string, Tensor>>
  /**
   * Takes over the tensors of a checkpoint; without moments in it, the optimizer starts afresh.
   *
   * @throws PosttrainError `invalid-data` naming a tensor that is missing or has another shape; nothing has changed then
   */
  replace(tensors: ReadonlyMap<string, Tensor>, steps: number): void
  dispose(): void
}
