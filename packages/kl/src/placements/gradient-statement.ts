/**
 * What the expected gradient of a placement is, for a program to branch on.
 *
 * `of: 'sequence'` is the divergence between distributions of whole completions, which is what one means to penalise.
 * `of: 'next-token'` is the sum over positions of the divergences between next-token distributions at the prefixes that were
 * sampled, held fixed: it leaves out that a token also decides which prefixes come later. For completions of one token the
 * two are the same.
 */
export type GradientStatement =
  | {
      readonly kind: 'exact'
      readonly divergence: 'reverse-KL' | 'forward-KL' | 'total-variation'
      readonly of: 'sequence' | 'next-token'
      /** The expected gradient is this many times the gradient of the divergence. */
      readonly scale: number
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'biased'; readonly why: string }

/**
 * The statement as people read it.
 *
 * @example
 * ```ts
 * describeGradient({ kind: 'exact', divergence: 'reverse-KL', of: 'sequence', scale: 1 }) // => 'reverse-KL exact'
 * ```
 */
export function describeGradient(statement: GradientStatement): string {
  if (statement.kind === 'none') return 'none'
  if (statement.kind === 'biased') return `biased: ${statement.why}`
  const { divergence, of, scale } = statement
  const times = scale === 1 ? '' : `${scale} × `
  return `${times}${of === 'next-token' ? 'next-token ' : ''}${divergence}${of === 'sequence' ? ' exact' : ', prefixes fixed'}`
}

/** A statement that is exact up to its scale. */
export const exactly = (
  divergence: 'reverse-KL' | 'forward-KL' | 'total-variation',
  of: 'sequence' | 'next-token',
  scale = 1,
): GradientStatement => ({ kind: 'exact', divergence, of, scale })

/** A statement of bias. */
export const biased = (why: string): GradientStatement => ({ kind: 'biased', why })
