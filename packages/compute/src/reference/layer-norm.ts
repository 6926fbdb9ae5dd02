import { EPSILON } from '../kernels/normalisation.js'
import type { ReferenceKernel } from './reference-kernel.js'

/**
 * y = g·x̂ + b with x̂ = (x − μ)·r and r = 1/√(σ² + ε), where μ and σ² are a row's mean and (biased) variance.
 *
 * Ba, Kiros and Hinton, Layer Normalization, eq. 4, https://arxiv.org/abs/1607.06450
 */
export const layerNorm: ReferenceKernel<'layerNorm'> = (args) => {
  const { rows, columns, x, gain, bias, out, statistics, epsilon = EPSILON } = args
  for (let i = 0; i < rows; i++) {
    const row = x.subarray(i * columns, (i + 1) * columns)
    let mean = 0
    for (const value of row) mean += value / columns
    let variance = 0
    for (const value of row) variance += (value - mean) ** 2 / columns
    const r = 1 / Math.sqrt(variance + epsilon)
    for (let j = 0; j < columns; j++) out[i * columns + j] = gain[j]! * (row[j]! - mean) * r + bias[j]!
    statistics[2 * i] = mean
    statistics[2 * i + 1] = r
  }
}

/** With d = g·∂y: ∂x += r·(d − mean(d) − x̂·mean(d·x̂)), ∂g += Σ ∂y·x̂, ∂b += Σ ∂y. */
export const layerNormBackward: ReferenceKernel<'layerNormBackward'> = (args) => {
  const { rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias } = args
  for (let i = 0; i < rows; i++) {
    const mean = statistics[2 * i]!
    const r = statistics[2 * i + 1]!
    const normalised = (j: number): number => (x[i * columns + j]! - mean) * r
    let meanD = 0
    let meanDx = 0
    for (let j = 0; j < columns; j++) {
      const dy = gradOut[i * columns + j]!
      const d = gain[j]! * dy
      meanD += d / columns
      meanDx += (d * normalised(j)) / columns
      gradGain[j]! += dy * normalised(j)
      gradBias[j]! += dy
    }
    for (let j = 0; j < columns; j++) {
      const d = gain[j]! * gradOut[i * columns + j]!
      gradX[i * columns + j]! += r * (d - meanD - normalised(j) * meanDx)
    }
  }
}
