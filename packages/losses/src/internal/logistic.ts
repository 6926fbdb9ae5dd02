/** σ(z) = 1 / (1 + e⁻ᶻ), without overflow. */
export const sigmoid = (z: number): number => (z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z)))

/** −log σ(z) = log(1 + e⁻ᶻ), without overflow. */
export const logisticLoss = (z: number): number => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)))
