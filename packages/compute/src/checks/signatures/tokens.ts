import type { SignaturesOf } from '../signature.js'
import { f32, i32, indices, optional } from '../signature.js'

const givenTogether = <N extends string>(args: Partial<Record<N, unknown>>, a: N, b: N): string | undefined =>
  (args[a] === undefined) === (args[b] === undefined) ? undefined : `${a} and ${b} must be given together`

/** Of tables, token scores and sampling. */
export const tokenSignatures: SignaturesOf<
  | 'gatherRows'
  | 'scatterAddRows'
  | 'embedding'
  | 'embeddingBackward'
  | 'tokenScores'
  | 'tokenScoresBackward'
  | 'sampleTokens'
> = {
  gatherRows: {
    sizes: { rows: 0, columns: 1 },
    buffers: { source: f32('*', 'columns'), indices: indices('source', 'rows'), out: f32('rows', 'columns') },
    writes: ['out'],
  },
  scatterAddRows: {
    sizes: { rows: 0, columns: 1 },
    buffers: { source: f32('rows', 'columns'), indices: indices('out', 'rows'), out: f32('*', 'columns') },
    writes: ['out'],
  },
  embedding: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      tokens: indices('tokenTable', 'rows'),
      positions: optional(indices('positionTable', 'rows')),
      tokenTable: f32('*', 'columns'),
      positionTable: optional(f32('*', 'columns')),
      out: f32('rows', 'columns'),
    },
    writes: ['out'],
    also: (args) => givenTogether(args, 'positions', 'positionTable'),
  },
  embeddingBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      tokens: indices('gradTokenTable', 'rows'),
      positions: optional(indices('gradPositionTable', 'rows')),
      gradOut: f32('rows', 'columns'),
      gradTokenTable: f32('*', 'columns'),
      gradPositionTable: optional(f32('*', 'columns')),
    },
    writes: ['gradTokenTable', 'gradPositionTable'],
    also: (args) => givenTogether(args, 'positions', 'gradPositionTable'),
  },
  tokenScores: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      logprob: f32('rows'),
      entropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      referenceKl: optional(f32('rows')),
    },
    writes: ['logprob', 'entropy', 'referenceKl'],
    also: (args) => givenTogether(args, 'referenceLogits', 'referenceKl'),
  },
  tokenScoresBackward: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      gradLogprob: f32('rows'),
      gradEntropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      gradReferenceKl: optional(f32('rows')),
      gradLogits: f32('rows', 'vocabulary'),
    },
    writes: ['gradLogits'],
    inPlace: 'logits',
    also: (args) => givenTogether(args, 'referenceLogits', 'gradReferenceKl'),
  },
  sampleTokens: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      uniforms: f32('rows'),
      tokens: i32('rows'),
      logprob: f32('rows'),
    },
    writes: ['tokens', 'logprob'],
    also: ({ temperature, topK = 1, topP = 1, minP = 0 }) => {
      if (!(temperature >= 0 && Number.isFinite(temperature))) {
        return `temperature must be a finite number of at least 0, but is ${temperature}`
      }
      if (!(Number.isInteger(topK) && topK >= 1)) return `topK must be an integer of at least 1, but is ${topK}`
      if (!(topP > 0 && topP <= 1)) return `topP must be above 0 and at most 1, but is ${topP}`
      return minP >= 0 && minP <= 1 ? undefined : `minP must be on [0, 1], but is ${minP}`
    },
  },
}
