import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { LinearParameters } from './parameters.js'

/** Sizes of a matrix product with weights of inputs × outputs. */
export interface LinearSizes {
  readonly rows: number
  readonly inputs: number
  readonly outputs: number
}

/** out = x · W + b; with `accumulate` it is added to what is in `out`, a residual stream. */
export function linear(
  device: Device,
  { rows, inputs, outputs }: LinearSizes,
  { weight, bias }: LinearParameters,
  x: DeviceBuffer,
  out: DeviceBuffer,
  accumulate = false,
): void {
  const withBias = bias ? { bias } : {}
  device.matmul({ m: rows, n: outputs, k: inputs, a: x, b: weight, out, accumulate, ...withBias })
}

/** Its reverse: ∂W += xᵀ · ∂out, ∂b += Σ rows of ∂out, ∂x = ∂out · Wᵀ, added to `gradX` with `accumulate`. */
export function linearBackward(
  device: Device,
  { rows, inputs, outputs }: LinearSizes,
  { weight }: LinearParameters,
  gradients: LinearParameters,
  x: DeviceBuffer,
  gradOut: DeviceBuffer,
  gradX: DeviceBuffer,
  accumulate = false,
): void {
  const gradWeight = { a: x, b: gradOut, transposeA: true, accumulate: true, out: gradients.weight }
  device.matmul({ m: inputs, n: outputs, k: rows, ...gradWeight })
  if (gradients.bias) device.sumRows({ rows, columns: outputs, x: gradOut, out: gradients.bias })
  const throughWeight = { a: gradOut, b: weight, transposeB: true, accumulate, out: gradX }
  device.matmul({ m: rows, n: inputs, k: outputs, ...throughWeight })
}
