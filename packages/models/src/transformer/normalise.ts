import type { DeviceBuffer } from '@posttrain/compute'
import type { Architecture } from './architecture.js'
import type { TransformerModel } from './model.js'
import type { NormParameters } from './parameters.js'

/** Numbers per row that a normalisation keeps for its backward pass. */
export const statisticsPerRow = ({ normalisation }: Architecture): number => (normalisation === 'layer' ? 2 : 1)

/** Layer norm or RMS norm of each row. */
export function normalise(
  { device, architecture }: TransformerModel,
  rows: number,
  { gain, bias }: NormParameters,
  x: DeviceBuffer,
  out: DeviceBuffer,
  statistics: DeviceBuffer,
): void {
  const { width: columns, normEpsilon: epsilon } = architecture
  if (bias) device.layerNorm({ rows, columns, x, gain, bias, out, statistics, epsilon })
  else device.rmsNorm({ rows, columns, x, gain, out, statistics, epsilon })
}

/** Its reverse; the gradient is added to `gradX`, which already holds that of the residual stream. */
export function normaliseBackward(
  { device, architecture }: TransformerModel,
  rows: number,
  { gain }: NormParameters,
  gradients: NormParameters,
  x: DeviceBuffer,
  statistics: DeviceBuffer,
  gradOut: DeviceBuffer,
  gradX: DeviceBuffer,
): void {
  const { width: columns } = architecture
  const common = { rows, columns, x, gain, statistics, gradOut, gradX, gradGain: gradients.gain }
  if (gradients.bias) device.layerNormBackward({ ...common, gradBias: gradients.bias })
  else device.rmsNormBackward(common)
}
