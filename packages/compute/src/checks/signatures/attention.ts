import type { SignaturesOf } from '../signature.js'
import { f32, indices } from '../signature.js'

/** Heads that share keys and values come in groups of one size. */
const wholeGroups = ({ heads, keyValueHeads }: Record<'heads' | 'keyValueHeads', number>): string | undefined =>
  heads % keyValueHeads === 0 ? undefined : `keyValueHeads must divide heads = ${heads}, but is ${keyValueHeads}`

/** Heads of a token's queries, keys and values side by side. */
const packedHeads = ['heads', 'keyValueHeads', 'keyValueHeads'] as const

/** Of attention and rotary positions. */
export const attentionSignatures: SignaturesOf<'rotary' | 'attention' | 'attentionBackward' | 'cachedAttention'> = {
  rotary: {
    sizes: { rows: 0, heads: 0, headSize: 2, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      positions: indices('angles', 'rows'),
      angles: f32('*', 'headSize'),
    },
    writes: ['x'],
    also: ({ heads, headSize, columns }) => {
      if (headSize % 2 !== 0) return `headSize must be even, but is ${headSize}`
      return heads * headSize <= columns
        ? undefined
        : `columns must be at least heads · headSize = ${heads * headSize}, but is ${columns}`
    },
  },
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
}
