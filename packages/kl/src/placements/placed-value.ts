import {
  invalidArgument,
  requireFinite,
  requireFiniteArray,
  requireLength,
  requireOneOf,
  scoreOf,
  sum,
} from '@posttrain/core'
import type { ConstantName, ScoreName, TokenScores } from '@posttrain/core'
import { clamped } from '../values/clamped.js'
import { klValues } from '../values/kl-value.js'
import { logRatios } from '../values/sequence-kl.js'
import { biased, describeGradient, type GradientStatement } from './gradient-statement.js'
import type { KlConstants, PlacementOptions } from './kl-placement.js'

/**
 * A sample's value step by step, where a step is one token or, at sequence level, all of them: how every placement sees
 * it.
 */
export interface Steps {
  /** Number of chosen tokens. */
  readonly tokens: number
  /** (steps) */
  readonly values: Float64Array
  /** (steps): ∂value/∂log π of each; 0 for Rao–Blackwell, whose values are scores themselves. */
  readonly slopes: Float64Array
}

/** A value made ready to be placed. */
export interface PlacedValue {
  /** For names of placements, for instance `token-level k3`. */
  readonly label: string
  readonly level: 'token' | 'sequence'
  /** True for Rao–Blackwell. */
  readonly exact: boolean
  /** The score that the value is made of. */
  readonly score: ScoreName
  /** Constants that the value is made of. */
  readonly reads: readonly ConstantName[]
  /** The gradient statement of an unclamped value, with what a clamp does to it. */
  stated(statement: GradientStatement): GradientStatement
  /** @throws PosttrainError `invalid-argument` for anything but finite arrays of one length and β ≥ 0 */
  steps(scores: TokenScores, constants: KlConstants, coefficient: number): Steps
}

/** Checks the options of a placement. */
export function placedValue({ value, level = 'token', clamp }: PlacementOptions): PlacedValue {
  requireOneOf('value', value, ['k1', 'k2', 'k3', 'abs', 'rao-blackwell'])
  requireOneOf('level', level, ['token', 'sequence'])
  const label = `${level}-level ${value}`
  if (value === 'rao-blackwell') {
    if (clamp !== undefined) throw invalidArgument('clamp must be absent for rao-blackwell, which is exact')
    return {
      label,
      level,
      exact: true,
      score: 'klToReference',
      reads: [],
      stated: (statement) => statement,
      steps(scores, _, coefficient) {
        requireFinite('coefficient', coefficient, { min: 0 })
        const values = nextTokenKl(scores)
        return { tokens: values.length, values, slopes: new Float64Array(values.length) }
      },
    }
  }
  const k = clamp === undefined ? klValues[value] : clamped(klValues[value], clamp)
  return {
    label: clamp === undefined ? label : `${label} clamped`,
    level,
    exact: false,
    score: 'logprob',
    reads: ['referenceLogprob'],
    stated: (statement) =>
      clamp === undefined
        ? statement
        : biased(`the clamp cuts off extreme tokens; without any such token ${describeGradient(statement)}`),
    steps(scores, constants, coefficient) {
      requireFinite('coefficient', coefficient, { min: 0 })
      const referenceLogprob = logprobOf(constants, 'referenceLogprob')
      const tokenRatios = logRatios({ logprob: scoreOf(scores, 'logprob'), referenceLogprob })
      const ratios = level === 'sequence' ? Float64Array.of(sum(tokenRatios)) : tokenRatios
      return {
        tokens: tokenRatios.length,
        values: ratios.map((l) => k.of(l)),
        slopes: ratios.map((l) => k.slope(l)),
      }
    },
  }
}

function nextTokenKl(scores: TokenScores): Float64Array {
  const values = scoreOf(scores, 'klToReference')
  requireFiniteArray('klToReference', values)
  if (scores.logprob) requireLength('klToReference', values, scores.logprob.length)
  return values
}

const whereFrom = {
  referenceLogprob: 'score the sample under the reference',
  rolloutLogprob: 'pass the log-probs recorded with the sample; for fresh samples those are the scores themselves',
}

/** Constants that must be there. @throws PosttrainError `invalid-argument` if they are missing */
export function logprobOf(constants: KlConstants, name: keyof KlConstants): ArrayLike<number> {
  const values = constants[name]
  if (values === undefined) throw invalidArgument(`the constant ${name} is missing`, whereFrom[name])
  return values
}

/** One entry per token: steps that are tokens as they are, and the only step of a sequence at each of its tokens. */
export const perToken = (steps: Float64Array, tokens: number): Float64Array =>
  steps.length === tokens ? steps : new Float64Array(tokens).fill(steps[0]!)

/** What placements other than `ratioWeighted` are on samples of another policy. */
export const uncorrected: GradientStatement = biased('the samples are another policy’s, and no ratio corrects for it')
