import { invalidArgument, requireFinite, requireFiniteArray, requireLength } from '@posttrain/core'
import type { ScoreName, TokenScores } from '@posttrain/core'
import { clamped, klValues } from '../values/kl-value.js'
import { logRatios } from '../values/sequence-kl.js'
import { biased, describeGradient, type GradientStatement } from './gradient-statement.js'
import type { KlConstants, PlacementOptions } from './kl-placement.js'

/**
 * A sample's value step by step, where a step is one token or, at sequence level, all of them: how every placement sees it.
 */
export interface Steps {
  readonly values: Float64Array
  /** ∂value/∂log π of each step; 0 for Rao–Blackwell, whose values are scores themselves. */
  readonly slopes: Float64Array
}

/** A value made ready to be placed. */
export interface PlacedValue {
  /** For names of placements, for instance `token-level k3`. */
  readonly label: string
  readonly level: 'token' | 'sequence'
  readonly exact: boolean
  readonly needs: readonly ScoreName[]
  /** The gradient statement of an unclamped value, with what a clamp does to it. */
  stated(statement: GradientStatement): GradientStatement
  /** @throws PosttrainError `invalid-argument` for anything but finite arrays of one length and β ≥ 0 */
  steps(scores: TokenScores, constants: KlConstants, coefficient: number): Steps
}

const levels: readonly string[] = ['token', 'sequence']

/** Checks the options of a placement. */
export function placedValue({ value, level = 'token', clamp }: PlacementOptions): PlacedValue {
  const exact = value === 'rao-blackwell'
  if (!exact && !Object.hasOwn(klValues, value)) {
    throw invalidArgument(`value '${value}' is unknown`, 'use k1, k2, k3, abs or rao-blackwell')
  }
  if (!levels.includes(level)) throw invalidArgument(`level must be token or sequence, but is ${level}`)
  if (exact && clamp !== undefined) throw invalidArgument('clamp must be absent for rao-blackwell, which is exact')
  const label = `${level}-level ${value}`
  return {
    label: clamp === undefined ? label : `${label} clamped`,
    level,
    exact,
    needs: exact ? ['logprob', 'referenceKl'] : ['logprob'],
    stated: (statement) =>
      clamp === undefined
        ? statement
        : biased(`the clamp cuts off extreme tokens; without any such token ${describeGradient(statement)}`),
    steps(scores, constants, coefficient) {
      requireFinite('coefficient', coefficient, { min: 0 })
      let ratios = logRatios({ logprob: scores.logprob, referenceLogprob: constants.referenceLogprob })
      if (exact) return { values: requireReferenceKl(scores), slopes: new Float64Array(ratios.length) }
      if (level === 'sequence') ratios = Float64Array.of(total(ratios))
      const k = clamp === undefined ? klValues[value] : clamped(klValues[value], clamp)
      return { values: ratios.map((l) => k.of(l)), slopes: ratios.map((l) => k.slope(l)) }
    },
  }
}

function requireReferenceKl({ logprob, referenceKl }: TokenScores): Float64Array {
  if (referenceKl === undefined) {
    throw invalidArgument('rao-blackwell needs the score referenceKl', 'score with a reference snapshot')
  }
  requireFiniteArray('referenceKl', referenceKl)
  requireLength('referenceKl', referenceKl, logprob.length)
  return referenceKl
}

/** Sum of all entries. */
export const total = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

/** One entry per token: steps that are tokens as they are, and the only step of a sequence at each of its tokens. */
export const perToken = (steps: Float64Array, tokens: number): Float64Array =>
  steps.length === tokens ? steps : new Float64Array(tokens).fill(steps[0]!)

/** What other placements than `ratioWeighted` are on samples of another policy. */
export const uncorrected: GradientStatement = biased('the samples are another policy’s, and no ratio corrects for it')
