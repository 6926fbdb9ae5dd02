import { invalidArgument } from '@posttrain/core'

/**
 * Requires tokens of a vocabulary and returns them.
 *
 * @throws PosttrainError `invalid-argument`, naming the first that is none: as an integer of 32 bits NaN would be 0
 */
export function requireTokens(name: string, tokens: readonly number[], vocabulary: number): readonly number[] {
  const wrong = tokens.findIndex((token) => !(Number.isInteger(token) && token >= 0 && token < vocabulary))
  if (wrong < 0) return tokens
  throw invalidArgument(`${name}[${wrong}] must be an integer from 0 to ${vocabulary - 1}, but is ${tokens[wrong]}`)
}
