import type { DeviceBuffer } from '@posttrain/compute'
import { linear, linearBackward } from './linear.js'
import type { TransformerModel } from './model.js'
import type { TransformerParameters } from './parameters.js'

/** logits = normalised · headᵀ, rows × vocabulary. */
export function tokenHead(
  { device, architecture: { vocabulary, width }, parameters }: TransformerModel,
  rows: number,
  normalised: DeviceBuffer,
  logits: DeviceBuffer,
): void {
  const head = { a: normalised, b: parameters.head, transposeB: true, out: logits }
  device.matmul({ m: rows, n: vocabulary, k: width, ...head })
}

/**
 * Its reverse: ∂head += ∂logitsᵀ · normalised, ∂normalised += ∂logits · head. A tied head adds to the token table's.
 */
export function tokenHeadBackward(
  { device, architecture: { vocabulary, width }, parameters }: TransformerModel,
  gradients: TransformerParameters,
  rows: number,
  normalised: DeviceBuffer,
  gradLogits: DeviceBuffer,
  gradNormalised: DeviceBuffer,
): void {
  const gradHead = { a: gradLogits, b: normalised, transposeA: true, accumulate: true, out: gradients.head }
  device.matmul({ m: vocabulary, n: width, k: rows, ...gradHead })
  const throughHead = { a: gradLogits, b: parameters.head, accumulate: true, out: gradNormalised }
  device.matmul({ m: rows, n: width, k: vocabulary, ...throughHead })
}

/** values = normalised · w + b, one number per row. */
export function valueHead(
  { device, architecture: { width }, parameters }: TransformerModel,
  rows: number,
  normalised: DeviceBuffer,
  values: DeviceBuffer,
): void {
  linear(device, { rows, inputs: width, outputs: 1 }, parameters.value!, normalised, values)
}

/** Its reverse, added to `gradNormalised`. */
export function valueHeadBackward(
  { device, architecture: { width }, parameters }: TransformerModel,
  gradients: TransformerParameters,
  rows: number,
  normalised: DeviceBuffer,
  gradValues: DeviceBuffer,
  gradNormalised: DeviceBuffer,
): void {
  const sizes = { rows, inputs: width, outputs: 1 }
  linearBackward(device, sizes, parameters.value!, gradients.value!, normalised, gradValues, gradNormalised, true)
}
