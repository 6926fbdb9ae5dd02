import type { Device, DeviceBuffer } from '@posttrain/compute'
import { createStream } from '@posttrain/core'
import { type ModelConfig, parameterShapes, product } from '../../packages/compute/test/support/model-config.js'

/** Sequences that grow side by side, and the tokens each of them gets. */
export const SEQUENCES = 64
export const NEW_TOKENS = 32

/** The token of a sequence at a position where all sides are to decode the same: any fixed mixture of both. */
export const forcedToken = (sequence: number, position: number, vocabulary: number): number =>
  (7 * sequence + 3 * position * position + position) % vocabulary

export interface Decoder {
  /** Draws NEW_TOKENS tokens for every sequence, from token 0 on, and returns how many. */
  sample(): Promise<number>
  /** Decodes the forced tokens and returns the logits of the last position, sequence after sequence. */
  forced(): Promise<number[]>
}

/** KV-cached decoding written directly on the kernels of a device, as the models package does it. */
export function createDecoder(device: Device, c: ModelConfig, parameters: DeviceBuffer): Decoder {
  const { width, hidden, vocabulary, heads } = c
  const rows = SEQUENCES
  const offsets = new Map<string, DeviceBuffer>()
  let offset = 0
  for (const [name, shape] of Object.entries(parameterShapes(c))) {
    offsets.set(name, parameters.view(offset, product(shape)))
    offset += product(shape)
  }
  const p = (name: string): DeviceBuffer => offsets.get(name)!
  const floats = (length: number): DeviceBuffer => device.allocate(length)
  const caches = Array.from({ length: c.layers }, () => ({
    keys: floats(rows * NEW_TOKENS * width),
    values: floats(rows * NEW_TOKENS * width),
  }))
  const [x, normal, statistics, qkv, attended, up, logits, logprob, uniforms] = [
    floats(rows * width),
    floats(rows * width),
    floats(rows * 2),
    floats(rows * 3 * width),
    floats(rows * width),
    floats(rows * hidden),
    floats(rows * vocabulary),
    floats(rows),
    floats(rows),
  ]
  const [tokens, positions] = [device.allocate(rows, 'i32'), device.allocate(rows, 'i32')]

  const linear = (name: string, k: number, n: number, a: DeviceBuffer, out: DeviceBuffer, accumulate = false): void =>
    device.matmul({ m: rows, n, k, a, b: p(`${name}.weight`), bias: p(`${name}.bias`), out, accumulate })
  const norm = (name: string): void => {
    const affine = { gain: p(`${name}.gain`), bias: p(`${name}.bias`) }
    device.layerNorm({ rows, columns: width, x, ...affine, out: normal, statistics })
  }

  /** One position: from `tokens` to `logits`. */
  function step(position: number): void {
    device.fill(positions, position)
    const tables = { tokenTable: p('tokens'), positionTable: p('positions') }
    device.embedding({ rows, columns: width, tokens, positions, ...tables, out: x })
    const sizes = { batch: rows, heads, keyValueHeads: heads, headSize: width / heads, capacity: NEW_TOKENS }
    caches.forEach((cache, l) => {
      norm(`${l}.norm1`)
      linear(`${l}.qkv`, width, 3 * width, normal, qkv)
      device.cachedAttention({ ...sizes, qkv, ...cache, positions, out: attended })
      linear(`${l}.out`, width, width, attended, x, true)
      norm(`${l}.norm2`)
      linear(`${l}.up`, width, hidden, normal, up)
      device.activation({ kind: 'gelu', length: rows * hidden, x: up, out: up })
      linear(`${l}.down`, hidden, width, up, x, true)
    })
    norm('norm')
    device.matmul({ m: rows, n: vocabulary, k: width, a: normal, b: p('head'), out: logits })
  }

  return {
    async sample() {
      const stream = createStream(3, 'decode')
      device.fill(tokens, 0)
      let drawn = 0
      for (let position = 0; position < NEW_TOKENS; position++) {
        step(position)
        device.write(
          uniforms,
          Float32Array.from({ length: rows }, () => stream.uniform()),
        )
        device.sampleTokens({ rows, vocabulary, logits, uniforms, temperature: 1, tokens, logprob })
        drawn += (await device.read(tokens)).length // the caller sees every token, to know when a sequence is complete
      }
      return drawn
    },
    async forced() {
      for (let position = 0; position < NEW_TOKENS; position++) {
        device.write(
          tokens,
          Int32Array.from({ length: rows }, (_, row) => forcedToken(row, position, vocabulary)),
        )
        step(position)
      }
      return [...(await device.read(logits))]
    },
  }
}
