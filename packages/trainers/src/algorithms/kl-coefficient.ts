import { invalidArgument, requireFinite } from '@posttrain/core'
import type { KlPenalty } from './algorithm.js'

/** β as a row is made with it. @throws PosttrainError `invalid-argument` for a number below 0 or no controller */
export function requireKlCoefficient(klCoefficient: KlPenalty['coefficient']): KlPenalty['coefficient'] {
  if (typeof klCoefficient === 'number') return requireFinite('klCoefficient', klCoefficient, { min: 0 })
  const { next } = (klCoefficient ?? {}) as Partial<typeof klCoefficient>
  if (typeof next === 'function') return klCoefficient
  throw invalidArgument('klCoefficient must be a number or a controller', 'give β, or a controller of @posttrain/kl')
}
