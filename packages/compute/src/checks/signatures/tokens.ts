import { invalidArgument, requireFinite, requireInteger } from '@posttrain/core'
import type { EmbeddingKernels } from '../../kernels/embedding.js'
import type { RowKernels } from '../../kernels/rows.js'
import type { SamplingKernels } from '../../kernels/sampling.js'
import type { TokenScoreKernels } from '../../kernels/token-scores.js'
import { f32, i32, indices, optional, type SignaturesOf } from '../signature.js'

type Tokens = RowKernels & EmbeddingKernels & TokenScoreKernels & SamplingKernels

const givenTogether =
  <N extends string>(a: N, b: N) =>
  (args: Partial<Record<N, unknown>>, kernel: string): void => {
    if ((args[a] === undefined) === (args[b] === undefined)) return
    throw invalidArgument(`${kernel}: ${a} and ${b} must be given together`, 'give both or neither')
  }

/** Signatures of tables, token scores and sampling. */
export const tokenSignatures: SignaturesOf<keyof Tokens> = {
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
    also: givenTogether('positions', 'positionTable'),
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
    also: givenTogether('positions', 'gradPositionTable'),
  },
  tokenScores: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      logprob: f32('rows'),
      entropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      klToReference: optional(f32('rows')),
    },
    writes: ['logprob', 'entropy', 'klToReference'],
    also: givenTogether('referenceLogits', 'klToReference'),
  },
  tokenScoresBackward: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      gradLogprob: f32('rows'),
      gradEntropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      gradKlToReference: optional(f32('rows')),
      gradLogits: f32('rows', 'vocabulary'),
    },
    writes: ['gradLogits'],
    inPlace: 'logits',
    also: givenTogether('referenceLogits', 'gradKlToReference'),
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
    also: ({ temperature, topK = 1, topP = 1, minP = 0 }, kernel) => {
      requireFinite(`${kernel}: temperature`, temperature, { min: 0 })
      requireInteger(`${kernel}: topK`, topK, { min: 1 })
      requireFinite(`${kernel}: topP`, topP, { above: 0, max: 1 })
      requireFinite(`${kernel}: minP`, minP, { min: 0, max: 1 })
    },
  },
}
