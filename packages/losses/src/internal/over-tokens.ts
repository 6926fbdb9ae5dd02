import type { ScoreName } from '@posttrain/core'
import type { SequenceTerm } from './sequence-term.js'

/** weight · Σₜ f(scoreₜ), where f gives a value and its slope. */
export function overTokens(
  name: ScoreName,
  score: Float64Array,
  weight: number,
  f: (score: number, t: number) => { readonly value: number; readonly slope: number },
): SequenceTerm {
  let value = 0
  const cotangent = score.map((x, t) => {
    const at = f(x, t)
    value += weight * at.value
    return weight * at.slope
  })
  return { value, cotangents: { [name]: cotangent } }
}
