import { requireLength, type TokenSequence } from '@posttrain/core'

/**
 * Positions of the chosen tokens of a sequence. @throws PosttrainError `invalid-argument` for a mask of another length
 */
export function chosenPositions(name: string, { tokens, mask }: Pick<TokenSequence, 'tokens' | 'mask'>): number[] {
  if (mask) requireLength(`${name}.mask`, mask, tokens.length)
  return tokens.map((_, t) => t).filter((t) => mask?.[t] !== 0)
}
