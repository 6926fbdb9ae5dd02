import { invalidArgument } from '@posttrain/core'
import type { AttentionKernels } from '../../kernels/attention.js'
import { f32, indices, type SignaturesOf } from '../signature.js'

/** Query heads that share keys and values form groups of one size. */
function wholeGroups({ heads, keyValueHeads }: Record<'heads' | 'keyValueHeads', number>, kernel: string): void {
  if (heads % keyValueHeads === 0) return
  throw invalidArgument(`${kernel}: keyValueHeads must divide heads = ${heads}, but is ${keyValueHeads}`)
}

/** Heads of a token's queries, keys and values side by side. */
const packedHeads = ['heads', 'keyValueHeads', 'keyValueHeads'] as const

/** Signatures of attention and rotary positions. */
export const attentionSignatures: SignaturesOf<keyof AttentionKernels> = {
  attention: {
    sizes: { batch: 0, length: 0, heads: 1, keyValueHeads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', packedHeads, 'headSize'),
      out: f32('batch', 'length', 'heads', 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
    },
    writes: ['out', 'probabilities'],
    also: wholeGroups,
  },
  attentionBackward: {
    sizes: { batch: 0, length: 0, heads: 1, keyValueHeads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', packedHeads, 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
      gradOut: f32('batch', 'length', 'heads', 'headSize'),
      gradQkv: f32('batch', 'length', packedHeads, 'headSize'),
    },
    writes: ['gradQkv'],
    also: wholeGroups,
  },
  cachedAttention: {
    sizes: { batch: 0, heads: 1, keyValueHeads: 1, headSize: 1, capacity: 1 },
    buffers: {
      qkv: f32('batch', packedHeads, 'headSize'),
      keys: f32('batch', 'capacity', 'keyValueHeads', 'headSize'),
      values: f32('batch', 'capacity', 'keyValueHeads', 'headSize'),
      positions: indices('capacity', 'batch'),
      out: f32('batch', 'heads', 'headSize'),
    },
    writes: ['keys', 'values', 'out'],
    also: wholeGroups,
  },
  rotary: {
    sizes: { rows: 0, heads: 0, headSize: 2, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      positions: indices('angles', 'rows'),
      angles: f32('*', 'headSize'),
    },
    writes: ['x'],
    also: ({ heads, headSize, columns }, kernel) => {
      if (headSize % 2 !== 0) throw invalidArgument(`${kernel}: headSize must be even, but is ${headSize}`)
      if (heads * headSize > columns) {
        const least = `heads × headSize = ${heads * headSize}`
        throw invalidArgument(`${kernel}: columns must be at least ${least}, but is ${columns}`)
      }
    },
  },
}
