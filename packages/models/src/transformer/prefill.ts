import type { DeviceBuffer } from '@posttrain/compute'
import type { Allocator } from '../workspace.js'
import { allocateActivations, type Activations } from './activations.js'
import type { Architecture } from './architecture.js'
import type { InputBatch } from './batch.js'
import type { KeyValueCache } from './decode.js'
import { forward } from './forward.js'
import type { TransformerModel } from './model.js'

/**
 * Prompts of fewer tokens are read one token at a time, all side by side; longer ones are worth a pass of their own.
 */
const SHORTEST = 32

/** Buffers of a pass over one prompt. */
export interface PrefillBuffers {
  /** Tokens of the pass. */
  readonly length: number
  readonly activations: Activations
  /** i32: where in the packed projections the keys, and the values, of each token are. */
  readonly keyRows: DeviceBuffer
  readonly valueRows: DeviceBuffer
}

/** True if prompts of which the longest has so many tokens are read by passes. */
export const isPrefilled = (longest: number): boolean => longest > SHORTEST

const inputs = (tokens: Int32Array): InputBatch => ({
  size: 1,
  length: tokens.length,
  tokens,
  positions: tokens.map((_, position) => position),
  scoredRows: new Int32Array(0),
})

/** Allocates the buffers for prompts of at most `longest` tokens, of which the last is not part of the pass. */
export function allocatePrefillBuffers(
  allocator: Allocator,
  architecture: Architecture,
  longest: number,
): PrefillBuffers {
  const length = longest - 1
  return {
    length,
    activations: allocateActivations(allocator, architecture, inputs(new Int32Array(length))),
    keyRows: allocator.integers(length),
    valueRows: allocator.integers(length),
  }
}

/**
 * Reads all of a prompt but its last token in one pass, and puts its keys and values into a row of the cache. A shorter
 * prompt is padded: what the padding leaves in the cache is written over by the tokens that follow before it is ever
 * read.
 */
export function prefill(
  model: TransformerModel,
  cache: KeyValueCache,
  row: number,
  prompt: readonly number[],
  { length, activations, keyRows, valueRows }: PrefillBuffers,
): void {
  const { device, architecture } = model
  const { keyWidth, heads, keyValueHeads } = architecture
  const tokens = new Int32Array(length)
  tokens.set(prompt.slice(0, -1))
  forward(model, inputs(tokens), activations)

  // A token's queries, keys and values are heads/keyValueHeads + 2 runs of `keyWidth` numbers.
  const group = heads / keyValueHeads
  device.write(
    keyRows,
    tokens.map((_, t) => t * (group + 2) + group),
  )
  device.write(
    valueRows,
    tokens.map((_, t) => t * (group + 2) + group + 1),
  )
  activations.layers.forEach(({ qkv }, l) => {
    const take = (indices: DeviceBuffer, target: DeviceBuffer): void => {
      const out = target.view(row * cache.capacity * keyWidth, length * keyWidth)
      device.gatherRows({ rows: length, columns: keyWidth, source: qkv, indices, out })
    }
    take(keyRows, cache.keys[l]!)
    take(valueRows, cache.values[l]!)
  })
}
