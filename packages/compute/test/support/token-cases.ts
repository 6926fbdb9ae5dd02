import fc from 'fast-check'
import { calls, logits, size, zeros } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'

/** Rows by index, embeddings and token scores. */
export const tokenCases: Readonly<Record<string, KernelCase>> = {
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
    calls: calls(
      { rows: size(0, 40), columns: size(1, 40), learned: fc.boolean() },
      ({ rows, columns, learned }, d) => ({
        tokens: d.indices(rows, 5),
        tokenTable: d.normal(5 * columns),
        ...(learned ? { positions: d.indices(rows, 9), positionTable: d.normal(9 * columns) } : {}),
        out: zeros(rows * columns),
      }),
    ),
  },
  embeddingBackward: {
    bound: 1e-6,
    outputs: ['gradTokenTable', 'gradPositionTable'],
    calls: calls(
      { rows: size(0, 40), columns: size(1, 40), learned: fc.boolean() },
      ({ rows, columns, learned }, d) => ({
        tokens: d.indices(rows, 5),
        gradOut: d.normal(rows * columns),
        gradTokenTable: d.normal(5 * columns),
        ...(learned ? { positions: d.indices(rows, 9), gradPositionTable: d.normal(9 * columns) } : {}),
      }),
    ),
  },
  tokenScores: {
    bound: 2e-6,
    outputs: ['logprob', 'entropy', 'klToReference'],
    calls: calls(
      { rows: size(0, 40), vocabulary: size(1, 70), entropies: fc.boolean(), references: fc.boolean() },
      ({ rows, vocabulary, entropies, references }, d) => ({
        logits: logits(rows, vocabulary, d),
        targets: d.indices(rows, vocabulary),
        logprob: zeros(rows),
        ...(entropies ? { entropy: zeros(rows) } : {}),
        ...(references ? { referenceLogits: d.normal(rows * vocabulary, 3), klToReference: zeros(rows) } : {}),
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
        ...(references ? { referenceLogits: d.normal(rows * vocabulary, 3), gradKlToReference: d.normal(rows) } : {}),
        gradLogits: zeros(rows * vocabulary),
      }),
    ),
  },
}
