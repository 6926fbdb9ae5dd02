import fc from 'fast-check'
import { activationKind, calls, logits, size } from './arbitraries.js'
import type { KernelCall } from './run-kernel.js'

/** A row of the conformance table. */
export interface KernelCase {
  /**
   * Largest |device − reference|, relative to the largest entry of the output (at least 1). f32 rounds at 6e-8; the
   * bounds leave room for sums of the lengths drawn here.
   */
  readonly bound: number
  readonly calls: fc.Arbitrary<KernelCall>
  /** The buffers to compare. */
  readonly outputs: readonly string[]
}

const zeros = (count: number): number[] => new Array<number>(count).fill(0)

const attentionSizes = { batch: size(0, 3), length: size(0, 70), heads: size(1, 3), headSize: size(1, 33) }

export const kernelCases: Readonly<Record<string, KernelCase>> = {
  matmul: {
    bound: 3e-6,
    outputs: ['out'],
    calls: calls(
      {
        m: size(0, 150),
        n: size(0, 150),
        k: size(0, 150),
        transposeA: fc.boolean(),
        transposeB: fc.boolean(),
        accumulate: fc.boolean(),
        biased: fc.boolean(),
      },
      ({ m, n, k, biased }, d) => ({
        a: d.normal(m * k),
        b: d.normal(k * n),
        out: d.normal(m * n),
        ...(biased ? { bias: d.normal(n) } : {}),
      }),
    ),
  },
  sumRows: {
    bound: 3e-6,
    outputs: ['out'],
    calls: calls({ rows: size(0, 200), columns: size(1, 150) }, ({ rows, columns }, d) => ({
      x: d.normal(rows * columns),
      out: d.normal(columns),
    })),
  },
  layerNorm: {
    bound: 2e-6,
    outputs: ['out', 'statistics'],
    calls: calls({ rows: size(0, 40), columns: size(1, 150) }, ({ rows, columns }, d) => ({
      // Neighbours differ by 1 at least: the mean's rounding error counts in standard deviations of the row.
      x: d.uniform(rows * columns).map((x, i) => Math.fround(x + 2 * ((i % columns) % 2) - 1)),
      gain: d.normal(columns),
      bias: d.normal(columns),
      out: zeros(rows * columns),
      statistics: zeros(2 * rows),
    })),
  },
  layerNormBackward: {
    bound: 5e-6,
    outputs: ['gradX', 'gradGain', 'gradBias'],
    calls: calls({ rows: size(0, 150), columns: size(1, 70) }, ({ rows, columns }, d) => ({
      x: d.normal(rows * columns),
      gain: d.normal(columns),
      statistics: d.normal(2 * rows),
      gradOut: d.normal(rows * columns),
      gradX: d.normal(rows * columns),
      gradGain: d.normal(columns),
      gradBias: d.normal(columns),
    })),
  },
  activation: {
    bound: 1e-6,
    outputs: ['out'],
    calls: calls({ kind: activationKind, length: size(0, 200) }, ({ length }, d) => ({
      x: d.normal(length, 4),
      out: zeros(length),
    })),
  },
  activationBackward: {
    bound: 5e-6,
    outputs: ['gradX'],
    calls: calls({ kind: activationKind, length: size(0, 200) }, ({ length }, d) => ({
      x: d.normal(length, 4),
      gradOut: d.normal(length),
      gradX: zeros(length),
    })),
  },
  add: {
    bound: 1e-7,
    outputs: ['out'],
    calls: calls({ length: size(0, 200) }, ({ length }, d) => ({ x: d.normal(length), out: d.normal(length) })),
  },
  attention: {
    bound: 2e-6,
    outputs: ['out', 'probabilities'],
    calls: calls(attentionSizes, ({ batch, length, heads, headSize }, d) => ({
      qkv: d.normal(batch * length * 3 * heads * headSize),
      out: zeros(batch * length * heads * headSize),
      probabilities: d.normal(batch * heads * length * length),
    })),
  },
  attentionBackward: {
    bound: 2e-6,
    outputs: ['gradQkv'],
    calls: calls(attentionSizes, ({ batch, length, heads, headSize }, d) => ({
      qkv: d.normal(batch * length * 3 * heads * headSize),
      // Lower triangular as the forward pass leaves it; rows need not sum to 1 for the formula to be the same.
      probabilities: d
        .uniform(batch * heads * length * length)
        .map((p, i) => (i % length <= Math.floor(i / length) % length ? Math.fround(p / length) : 0)),
      gradOut: d.normal(batch * length * heads * headSize),
      gradQkv: d.normal(batch * length * 3 * heads * headSize),
    })),
  },
  cachedAttention: {
    bound: 2e-6,
    outputs: ['out', 'keys', 'values'],
    calls: calls(
      { batch: size(0, 5), heads: size(1, 3), headSize: size(1, 33), capacity: size(1, 40) },
      ({ batch, heads, headSize, capacity }, d) => ({
        qkv: d.normal(batch * 3 * heads * headSize),
        keys: d.normal(batch * capacity * heads * headSize),
        values: d.normal(batch * capacity * heads * headSize),
        positions: d.indices(batch, capacity),
        out: zeros(batch * heads * headSize),
      }),
    ),
  },
  gatherRows: {
    bound: 0,
    outputs: ['out'],
    calls: calls({ rows: size(0, 40), columns: size(1, 40) }, ({ rows, columns }, d) => ({
      source: d.normal(7 * columns),
      indices: d.indices(rows, 7),
      out: zeros(rows * columns),
    })),
  },
  scatterAddRows: {
    bound: 1e-6,
    outputs: ['out'],
    calls: calls({ rows: size(0, 40), columns: size(1, 40) }, ({ rows, columns }, d) => ({
      source: d.normal(rows * columns),
      indices: d.indices(rows, 7),
      out: d.normal(7 * columns),
    })),
  },
  embedding: {
    bound: 1e-7,
    outputs: ['out'],
    calls: calls({ rows: size(0, 40), columns: size(1, 40) }, ({ rows, columns }, d) => ({
      tokens: d.indices(rows, 5),
      positions: d.indices(rows, 9),
      tokenTable: d.normal(5 * columns),
      positionTable: d.normal(9 * columns),
      out: zeros(rows * columns),
    })),
  },
  embeddingBackward: {
    bound: 1e-6,
    outputs: ['gradTokenTable', 'gradPositionTable'],
    calls: calls({ rows: size(0, 40), columns: size(1, 40) }, ({ rows, columns }, d) => ({
      tokens: d.indices(rows, 5),
      positions: d.indices(rows, 9),
      gradOut: d.normal(rows * columns),
      gradTokenTable: d.normal(5 * columns),
      gradPositionTable: d.normal(9 * columns),
    })),
  },
  tokenScores: {
    bound: 2e-6,
    outputs: ['logprob', 'entropy', 'referenceKl'],
    calls: calls(
      { rows: size(0, 40), vocabulary: size(1, 70), entropies: fc.boolean(), references: fc.boolean() },
      ({ rows, vocabulary, entropies, references }, d) => ({
        logits: logits(rows, vocabulary, d),
        targets: d.indices(rows, vocabulary),
        logprob: zeros(rows),
        ...(entropies ? { entropy: zeros(rows) } : {}),
        ...(references ? { referenceLogits: d.normal(rows * vocabulary, 3), referenceKl: zeros(rows) } : {}),
      }),
    ),
  },
  tokenScoresBackward: {
    bound: 5e-6,
    outputs: ['gradLogits'],
    calls: calls(
      { rows: size(0, 40), vocabulary: size(1, 70), entropies: fc.boolean(), references: fc.boolean() },
      ({ rows, vocabulary, entropies, references }, d) => ({
        logits: logits(rows, vocabulary, d),
        targets: d.indices(rows, vocabulary),
        gradLogprob: d.normal(rows),
        ...(entropies ? { gradEntropy: d.normal(rows) } : {}),
        ...(references ? { referenceLogits: d.normal(rows * vocabulary, 3), gradReferenceKl: d.normal(rows) } : {}),
        gradLogits: zeros(rows * vocabulary),
      }),
    ),
  },
  adamW: {
    bound: 1e-6,
    outputs: ['parameters', 'firstMoment', 'secondMoment'],
    calls: calls(
      {
        length: size(0, 100),
        step: size(1, 20),
        learningRate: fc.constantFrom(1e-3, 0.1),
        betas: fc.constantFrom([0.9, 0.95], [0, 0], [0.9, 0.999]),
        epsilon: fc.constant(1e-8),
        weightDecay: fc.constantFrom(0, 0.1),
        gradientScale: fc.constantFrom(1, 0.25),
      },
      ({ length }, d) => ({
        parameters: d.normal(length),
        gradients: d.normal(length),
        firstMoment: d.normal(length),
        secondMoment: d.uniform(length),
      }),
    ),
  },
}
