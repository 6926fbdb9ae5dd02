/** What could have been chosen: its utility is offset + Σ coefficients · parameters at the indices. */
export interface Alternative {
  readonly indices: readonly number[]
  readonly coefficients: readonly number[]
  readonly offset: number
}

/** One alternative was chosen, so many times: with probability exp(its utility) / Σ exp(utilities). */
export interface Choice {
  readonly alternatives: readonly Alternative[]
  readonly chosen: number
  readonly weight: number
}

/** The log-likelihood of choices and its derivatives. */
export interface Likelihood {
  readonly value: number
  /** (size). */
  readonly gradient: Float64Array
  /** (size, size) by rows: minus the second derivative. */
  readonly information: Float64Array
}

/**
 * The conditional logit likelihood Σ w log P(chosen), which is concave (McFadden 1974). Bradley–Terry, its ties and
 * Plackett–Luce are of this form. With x̄ the mean of the alternatives' coefficients under P, the gradient is
 * Σ w (x_chosen − x̄) and the information Σ w (Σₐ Pₐ xₐxₐᵀ − x̄x̄ᵀ).
 *
 * @param parameters (size)
 */
export function likelihoodOf(choices: readonly Choice[], parameters: Float64Array): Likelihood {
  const size = parameters.length
  const gradient = new Float64Array(size)
  const information = new Float64Array(size * size)
  const mean = new Float64Array(size)
  let value = 0
  for (const { alternatives, chosen, weight } of choices) {
    const logs = logProbabilities(alternatives, parameters)
    value += weight * logs[chosen]!
    const touched = new Set<number>()
    alternatives.forEach(({ indices, coefficients }, a) => {
      const p = Math.exp(logs[a]!)
      indices.forEach((i, at) => {
        touched.add(i)
        mean[i]! += p * coefficients[at]!
        if (a === chosen) gradient[i]! += weight * coefficients[at]!
        indices.forEach((j, other) => {
          information[i * size + j]! += weight * p * coefficients[at]! * coefficients[other]!
        })
      })
    })
    for (const i of touched) {
      gradient[i]! -= weight * mean[i]!
      for (const j of touched) information[i * size + j]! -= weight * mean[i]! * mean[j]!
    }
    for (const i of touched) mean[i] = 0
  }
  return { value, gradient, information }
}

function logProbabilities(alternatives: readonly Alternative[], parameters: Float64Array): readonly number[] {
  const utilities = alternatives.map(({ indices, coefficients, offset }) =>
    indices.reduce((total, i, at) => total + coefficients[at]! * parameters[i]!, offset),
  )
  const highest = Math.max(...utilities)
  const log = highest + Math.log(utilities.reduce((total, u) => total + Math.exp(u - highest), 0))
  return utilities.map((u) => u - log)
}
