import type { DeviceBuffer } from '@posttrain/compute'
import type { Architecture } from './architecture.js'
import type { InputBatch } from './batch.js'
import { statisticsPerRow } from './normalise.js'
import type { Allocator } from '../workspace.js'

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

/** Allocates the activations of a batch. */
export function allocateActivations(allocator: Allocator, architecture: Architecture, batch: InputBatch): Activations {
  const { width, hidden, layers, heads, queryWidth, packedWidth, expandedWidth } = architecture
  const rows = batch.size * batch.length
  const scored = batch.scoredRows.length
  const kept = statisticsPerRow(architecture)
  return {
    tokens: allocator.integers(rows),
    positions: allocator.integers(rows),
    scoredRows: allocator.integers(scored),
    residual: Array.from({ length: layers + 1 }, () => allocator.floats(rows * width)),
    layers: Array.from({ length: layers }, () => ({
      middle: allocator.floats(rows * width),
      norm1: allocator.floats(rows * width),
      statistics1: allocator.floats(rows * kept),
      qkv: allocator.floats(rows * packedWidth),
      probabilities: allocator.floats(batch.size * heads * batch.length * batch.length),
      attended: allocator.floats(rows * queryWidth),
      norm2: allocator.floats(rows * width),
      statistics2: allocator.floats(rows * kept),
      expanded: allocator.floats(rows * expandedWidth),
      activated: allocator.floats(rows * hidden),
    })),
    final: allocator.floats(scored * width),
    normalised: allocator.floats(scored * width),
    finalStatistics: allocator.floats(scored * kept),
  }
}
