import { EPSILON } from '../kernels/normalisation.js'
import type { ReferenceKernel } from './reference-kernel.js'

/**
 * y = g·x·r with r = 1/√(mean x² + ε) of a row.
 *
 * Zhang and Sennrich, Root Mean Square Layer Normalization, eq. 4, https://arxiv.org/abs/1910.07467
 */
export const rmsNorm: ReferenceKernel<'rmsNorm'> = (args) => {
  const { rows, columns, x, gain, out, statistics, epsilon = EPSILON } = args
  for (let i = 0; i < rows; i++) {
    let meanSquare = 0
    for (let j = 0; j < columns; j++) meanSquare += x[i * columns + j]! ** 2 / columns
    const r = 1 / Math.sqrt(meanSquare + epsilon)
    for (let j = 0; j < columns; j++) out[i * columns + j] = gain[j]! * x[i * columns + j]! * r
    statistics[i] = r
  }
}

/** With d = g·∂y and x̂ = x·r: ∂x += r·(d − x̂·mean(d·x̂)), ∂g += Σ ∂y·x̂. */
export const rmsNormBackward: ReferenceKernel<'rmsNormBackward'> = (args) => {
  const { rows, columns, x, gain, statistics, gradOut, gradX, gradGain } = args
  for (let i = 0; i < rows; i++) {
    const r = statistics[i]!
    let meanDx = 0
    for (let j = 0; j < columns; j++) {
      const normalised = x[i * columns + j]! * r
      const dy = gradOut[i * columns + j]!
      meanDx += (gain[j]! * dy * normalised) / columns
      gradGain[j]! += dy * normalised
    }
    for (let j = 0; j < columns; j++) {
      const at = i * columns + j
      gradX[at]! += r * (gain[j]! * gradOut[at]! - x[at]! * r * meanDx)
    }
  }
}
