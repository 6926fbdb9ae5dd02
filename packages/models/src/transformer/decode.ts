import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { TransformerConfig } from './config.js'
import type { TransformerParameters } from './parameters.js'
import type { Carver } from '../workspace.js'

/** Keys and values of the tokens seen so far, per layer: size × (capacity · width). */
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
  readonly hidden: DeviceBuffer
  readonly logits: DeviceBuffer
}

export function carveCache(carver: Carver, config: TransformerConfig, size: number, capacity: number): KeyValueCache {
  const perLayer = (): DeviceBuffer[] =>
    Array.from({ length: config.layers }, () => carver.floats(size * capacity * config.width))
  return { size, capacity, keys: perLayer(), values: perLayer() }
}

export function carveDecodeBuffers(carver: Carver, config: TransformerConfig, size: number): DecodeBuffers {
  return {
    size,
    tokens: carver.integers(size),
    positions: carver.integers(size),
    residual: carver.floats(size * config.width),
    normalised: carver.floats(size * config.width),
    statistics: carver.floats(size * 2),
    qkv: carver.floats(size * 3 * config.width),
    attended: carver.floats(size * config.width),
    hidden: carver.floats(size * config.hidden),
    logits: carver.floats(size * config.vocabulary),
  }
}

/**
 * The forward pass for one token per row, `buffers.tokens` at `buffers.positions`: the same operations as
 * `forward.ts`, with attention over the cache. Leaves the logits of the next token in `buffers.logits`.
 * Decoding the same token at the same position twice changes nothing.
 */
export function decodeStep(
  device: Device,
  config: TransformerConfig,
  parameters: TransformerParameters,
  cache: KeyValueCache,
  buffers: DecodeBuffers,
): void {
  const { width, hidden, heads, vocabulary, activation } = config
  const { size: rows, tokens, positions, residual, normalised, statistics, qkv, attended, logits } = buffers
  const { tokenTable, positionTable } = parameters
  device.embedding({ rows, columns: width, tokens, positions, tokenTable, positionTable, out: residual })
  const norm = (gain: DeviceBuffer, bias: DeviceBuffer): void =>
    device.layerNorm({ rows, columns: width, x: residual, gain, bias, out: normalised, statistics })

  parameters.layers.forEach((p, l) => {
    norm(p.norm1Gain, p.norm1Bias)
    device.matmul({ m: rows, n: 3 * width, k: width, a: normalised, b: p.qkvWeight, bias: p.qkvBias, out: qkv })
    const kv = { keys: cache.keys[l]!, values: cache.values[l]!, capacity: cache.capacity }
    device.cachedAttention({ batch: rows, heads, headSize: width / heads, qkv, ...kv, positions, out: attended })
    const projection = { a: attended, b: p.projectionWeight, bias: p.projectionBias, out: residual }
    device.matmul({ m: rows, n: width, k: width, ...projection, accumulate: true })

    norm(p.norm2Gain, p.norm2Bias)
    const expand = { a: normalised, b: p.hiddenWeight, bias: p.hiddenBias, out: buffers.hidden }
    device.matmul({ m: rows, n: hidden, k: width, ...expand })
    device.activation({ kind: activation, length: rows * hidden, x: buffers.hidden, out: buffers.hidden })
    const output = { a: buffers.hidden, b: p.outputWeight, bias: p.outputBias, out: residual }
    device.matmul({ m: rows, n: width, k: hidden, ...output, accumulate: true })
  })

  norm(parameters.finalGain, parameters.finalBias)
  device.matmul({ m: rows, n: vocabulary, k: width, a: normalised, b: parameters.head, transposeB: true, out: logits })
}
