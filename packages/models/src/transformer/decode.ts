import type { DeviceBuffer } from '@posttrain/compute'
import { activate } from './activate.js'
import type { Architecture } from './architecture.js'
import { tokenHead } from './heads.js'
import { linear } from './linear.js'
import type { TransformerModel } from './model.js'
import { normalise, statisticsPerRow } from './normalise.js'
import { applyRotary } from './apply-rotary.js'
import type { Allocator } from '../workspace.js'

/** Keys and values of the tokens seen so far, per layer: size × (capacity · keyWidth). */
export interface KeyValueCache {
  readonly size: number
  readonly capacity: number
  readonly keys: readonly DeviceBuffer[]
  readonly values: readonly DeviceBuffer[]
}

/** Buffers of one decoding step over `size` rows. */
export interface DecodeBuffers {
  readonly size: number
  readonly tokens: DeviceBuffer
  readonly positions: DeviceBuffer
  readonly residual: DeviceBuffer
  readonly normalised: DeviceBuffer
  readonly statistics: DeviceBuffer
  readonly qkv: DeviceBuffer
  readonly attended: DeviceBuffer
  readonly expanded: DeviceBuffer
  readonly activated: DeviceBuffer
  readonly logits: DeviceBuffer
}

/** Allocates a cache for `size` rows of up to `capacity` tokens. */
export function allocateCache(
  allocator: Allocator,
  { layers, keyWidth }: Architecture,
  size: number,
  capacity: number,
): KeyValueCache {
  const perLayer = (): DeviceBuffer[] =>
    Array.from({ length: layers }, () => allocator.floats(size * capacity * keyWidth))
  return { size, capacity, keys: perLayer(), values: perLayer() }
}

/** Allocates the buffers of a decoding step. */
export function allocateDecodeBuffers(allocator: Allocator, architecture: Architecture, size: number): DecodeBuffers {
  const { width, hidden, queryWidth, packedWidth, expandedWidth, vocabulary } = architecture
  return {
    size,
    tokens: allocator.integers(size),
    positions: allocator.integers(size),
    residual: allocator.floats(size * width),
    normalised: allocator.floats(size * width),
    statistics: allocator.floats(size * statisticsPerRow(architecture)),
    qkv: allocator.floats(size * packedWidth),
    attended: allocator.floats(size * queryWidth),
    expanded: allocator.floats(size * expandedWidth),
    activated: allocator.floats(size * hidden),
    logits: allocator.floats(size * vocabulary),
  }
}

/**
 * The forward pass for one token per row, `buffers.tokens` at `buffers.positions`: the same operations as
 * `forward.ts`, with attention over the cache. Leaves the logits of the next token in `buffers.logits`.
 * Decoding the same token at the same position twice changes nothing.
 */
export function decodeStep(model: TransformerModel, cache: KeyValueCache, buffers: DecodeBuffers): void {
  const { device, parameters } = model
  const { width, hidden, heads, keyValueHeads, headSize, queryWidth, packedWidth, expandedWidth } = model.architecture
  const { size: rows, tokens, positions, residual, normalised, statistics, qkv, attended } = buffers
  const { tokenTable, positionTable } = parameters
  const learned = positionTable ? { positions, positionTable } : {}
  device.embedding({ rows, columns: width, tokens, tokenTable, ...learned, out: residual })

  parameters.layers.forEach((p, l) => {
    normalise(model, rows, p.norm1, residual, normalised, statistics)
    linear(device, { rows, inputs: width, outputs: packedWidth }, p.qkv, normalised, qkv)
    applyRotary(model, rows, qkv, positions)
    const kv = { keys: cache.keys[l]!, values: cache.values[l]!, capacity: cache.capacity }
    device.cachedAttention({ batch: rows, heads, keyValueHeads, headSize, qkv, ...kv, positions, out: attended })
    linear(device, { rows, inputs: queryWidth, outputs: width }, p.projection, attended, residual, true)

    normalise(model, rows, p.norm2, residual, normalised, statistics)
    linear(device, { rows, inputs: width, outputs: expandedWidth }, p.expand, normalised, buffers.expanded)
    activate(model, rows, buffers.expanded, buffers.activated)
    linear(device, { rows, inputs: hidden, outputs: width }, p.output, buffers.activated, residual, true)
  })

  normalise(model, rows, parameters.finalNorm, residual, normalised, statistics)
  tokenHead(model, rows, normalised, buffers.logits)
}
