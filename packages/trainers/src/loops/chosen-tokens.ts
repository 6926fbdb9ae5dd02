import type { TokenSequence } from '@posttrain/core'

/** Number of tokens that a sequence has scores of. */
export const chosenTokens = ({ tokens, mask }: Pick<TokenSequence, 'tokens' | 'mask'>): number =>
  mask ? mask.reduce((count, one) => count + one, 0) : tokens.length
