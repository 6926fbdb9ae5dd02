import type { DeviceBuffer } from '@posttrain/compute'
import type { Architecture } from './architecture.js'
import type { InputBatch } from './batch.js'
import { statisticsPerRow } from './normalise.js'
import type { Carver } from '../workspace.js'

/** What the backward pass of one layer reads; rows = batch size × length. */
export interface LayerActivations {
  /** rows × width: the residual stream after attention. */
  readonly middle: DeviceBuffer
  readonly norm1: DeviceBuffer
  readonly statistics1: DeviceBuffer
  /** rows × packedWidth, with rotary positions after turning. */
  readonly qkv: DeviceBuffer
  readonly probabilities: DeviceBuffer
  readonly attended: DeviceBuffer
  readonly norm2: DeviceBuffer
  readonly statistics2: DeviceBuffer
  /** rows × expandedWidth, before the activation function. */
  readonly expanded: DeviceBuffer
  /** rows × hidden, after it. */
  readonly activated: DeviceBuffer
}

/** Everything a forward pass leaves behind. */
export interface Activations {
  readonly tokens: DeviceBuffer
  readonly positions: DeviceBuffer
  readonly scoredRows: DeviceBuffer
  /** layers + 1 buffers of rows × width: the residual stream before each layer, and at the end. */
  readonly residual: readonly DeviceBuffer[]
  readonly layers: readonly LayerActivations[]
  /** From here on only the scored rows: scored × width. */
  readonly final: DeviceBuffer
  readonly normalised: DeviceBuffer
  readonly finalStatistics: DeviceBuffer
}

/** Carves the activations of a batch. */
export function carveActivations(carver: Carver, architecture: Architecture, batch: InputBatch): Activations {
  const { width, hidden, layers, heads, queryWidth, packedWidth, expandedWidth } = architecture
  const rows = batch.size * batch.length
  const scored = batch.scoredRows.length
  const kept = statisticsPerRow(architecture)
  return {
    tokens: carver.integers(rows),
    positions: carver.integers(rows),
    scoredRows: carver.integers(scored),
    residual: Array.from({ length: layers + 1 }, () => carver.floats(rows * width)),
    layers: Array.from({ length: layers }, () => ({
      middle: carver.floats(rows * width),
      norm1: carver.floats(rows * width),
      statistics1: carver.floats(rows * kept),
      qkv: carver.floats(rows * packedWidth),
      probabilities: carver.floats(batch.size * heads * batch.length * batch.length),
      attended: carver.floats(rows * queryWidth),
      norm2: carver.floats(rows * width),
      statistics2: carver.floats(rows * kept),
      expanded: carver.floats(rows * expandedWidth),
      activated: carver.floats(rows * hidden),
    })),
    final: carver.floats(scored * width),
    normalised: carver.floats(scored * width),
    finalStatistics: carver.floats(scored * kept),
  }
}
