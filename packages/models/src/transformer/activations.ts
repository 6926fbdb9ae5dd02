import type { DeviceBuffer } from '@posttrain/compute'
import type { Batch } from './batch.js'
import type { TransformerConfig } from './config.js'
import type { Carver } from '../workspace.js'

/** What the backward pass of one layer reads; rows = batch size × length. */
export interface LayerActivations {
  /** rows × width: the residual stream after attention. */
  readonly middle: DeviceBuffer
  readonly norm1: DeviceBuffer
  readonly statistics1: DeviceBuffer
  readonly qkv: DeviceBuffer
  readonly probabilities: DeviceBuffer
  readonly attended: DeviceBuffer
  readonly norm2: DeviceBuffer
  readonly statistics2: DeviceBuffer
  /** rows × hidden, before the activation function. */
  readonly hidden: DeviceBuffer
  /** rows × hidden, after it. */
  readonly activated: DeviceBuffer
}

/** Everything a forward pass leaves behind. */
export interface Activations {
  readonly tokens: DeviceBuffer
  readonly positions: DeviceBuffer
  readonly scoredRows: DeviceBuffer
  readonly targets: DeviceBuffer
  /** layers + 1 buffers of rows × width: the residual stream before each layer, and at the end. */
  readonly residual: readonly DeviceBuffer[]
  readonly layers: readonly LayerActivations[]
  /** From here on only the rows that predict a completion token: scored × width. */
  readonly final: DeviceBuffer
  readonly normalised: DeviceBuffer
  readonly finalStatistics: DeviceBuffer
  /** scored × vocabulary. */
  readonly logits: DeviceBuffer
}

/** Carves the activations of a batch. */
export function carveActivations(carver: Carver, config: TransformerConfig, batch: Batch): Activations {
  const { width, hidden, layers, heads, vocabulary } = config
  const rows = batch.size * batch.length
  const scored = batch.targets.length
  return {
    tokens: carver.integers(rows),
    positions: carver.integers(rows),
    scoredRows: carver.integers(scored),
    targets: carver.integers(scored),
    residual: Array.from({ length: layers + 1 }, () => carver.floats(rows * width)),
    layers: Array.from({ length: layers }, () => ({
      middle: carver.floats(rows * width),
      norm1: carver.floats(rows * width),
      statistics1: carver.floats(rows * 2),
      qkv: carver.floats(rows * 3 * width),
      probabilities: carver.floats(batch.size * heads * batch.length * batch.length),
      attended: carver.floats(rows * width),
      norm2: carver.floats(rows * width),
      statistics2: carver.floats(rows * 2),
      hidden: carver.floats(rows * hidden),
      activated: carver.floats(rows * hidden),
    })),
    final: carver.floats(scored * width),
    normalised: carver.floats(scored * width),
    finalStatistics: carver.floats(scored * 2),
    logits: carver.floats(scored * vocabulary),
  }
}
