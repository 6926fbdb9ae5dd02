import fc from 'fast-check'
import { activationKind, calls, size, zeros } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'

/** Products, norms, activations and sums. */
export const layerCases: Readonly<Record<string, KernelCase>> = {
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
  rmsNorm: {
    bound: 2e-6,
    outputs: ['out', 'statistics'],
    calls: calls({ rows: size(0, 40), columns: size(1, 150) }, ({ rows, columns }, d) => ({
      x: d.normal(rows * columns, 3).map((x) => Math.fround(x + 0.5 * Math.sign(x))),
      gain: d.normal(columns),
      out: zeros(rows * columns),
      statistics: zeros(rows),
    })),
  },
  rmsNormBackward: {
    bound: 5e-6,
    outputs: ['gradX', 'gradGain'],
    calls: calls({ rows: size(0, 150), columns: size(1, 70) }, ({ rows, columns }, d) => ({
      x: d.normal(rows * columns),
      gain: d.normal(columns),
      statistics: d.normal(rows),
      gradOut: d.normal(rows * columns),
      gradX: d.normal(rows * columns),
      gradGain: d.normal(columns),
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
  swiglu: {
    bound: 1e-6,
    outputs: ['out'],
    calls: calls({ rows: size(0, 30), columns: size(1, 70) }, ({ rows, columns }, d) => ({
      x: d.normal(2 * rows * columns, 4),
      out: zeros(rows * columns),
    })),
  },
  swigluBackward: {
    bound: 5e-6,
    outputs: ['gradX'],
    calls: calls({ rows: size(0, 30), columns: size(1, 70) }, ({ rows, columns }, d) => ({
      x: d.normal(2 * rows * columns, 4),
      gradOut: d.normal(rows * columns),
      gradX: zeros(2 * rows * columns),
    })),
  },
  add: {
    bound: 1e-7,
    outputs: ['out'],
    calls: calls({ length: size(0, 200), scale: fc.constantFrom(undefined, 1, -0.5, 2) }, ({ length }, d) => ({
      x: d.normal(length),
      out: d.normal(length),
    })),
  },
}
