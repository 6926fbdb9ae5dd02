import type { Bias } from '@posttrain/core'

/** The divergence between policy and reference whose gradient is meant. */
export interface DivergenceMeant {
  readonly divergence: 'reverse-KL' | 'forward-KL' | 'total-variation'
  /**
   * `sequence`: between distributions of whole completions, which is what one means to penalise. `next-token`: the sum
   * over positions of the divergences between next-token distributions, with the sampled prefixes held fixed. It leaves
   * out that a token also decides which prefixes come later; for completions of one token the two are the same.
   */
  readonly level: 'sequence' | 'next-token'
}

/** What the expected gradient of a placement is, for a program to branch on. */
export interface GradientStatement {
  /** How it relates to the gradient of the divergence; `scaled` by 0 is no gradient at all. */
  readonly bias: Bias
  /** The divergence; where the direction changes, the one that is meant: the reverse KL of sequences. */
  readonly of: DivergenceMeant
}

/**
 * The statement as people read it.
 *
 * @returns for instance `reverse-KL exact`, `none` or `biased: …`
 * @example
 * ```ts
 * const of = { divergence: 'reverse-KL', level: 'sequence' } as const
 * describeGradient({ bias: { kind: 'exact' }, of }) // => 'reverse-KL exact'
 * describeGradient({ bias: { kind: 'scaled', factor: 0 }, of }) // => 'none'
 * ```
 */
export function describeGradient({ bias, of: { divergence, level } }: GradientStatement): string {
  if (bias.kind === 'direction-changing') return `biased: ${bias.reason}`
  const factor = bias.kind === 'exact' ? 1 : bias.factor
  if (factor === 0) return 'none'
  const times = factor === 1 ? '' : `${factor} × `
  return times + (level === 'sequence' ? `${divergence} exact` : `next-token ${divergence}, prefixes fixed`)
}

/** The gradient of a divergence, times a factor. */
export const gradientOf = (
  divergence: DivergenceMeant['divergence'],
  level: DivergenceMeant['level'],
  factor = 1,
): GradientStatement => ({
  bias: factor === 1 ? { kind: 'exact' } : { kind: 'scaled', factor },
  of: { divergence, level },
})

/** A direction that is not that of the reverse KL of sequences. */
export const biased = (reason: string): GradientStatement => ({
  bias: { kind: 'direction-changing', reason },
  of: { divergence: 'reverse-KL', level: 'sequence' },
})
