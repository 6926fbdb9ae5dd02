import { invalidArgument, type EncodedCompletion, type TokenSequence } from '@posttrain/core'

const at = ({ prompt, tokens }: TokenSequence, positions: readonly number[]): TokenSequence => {
  const mask = new Uint8Array(tokens.length)
  for (const position of positions) mask[position] = 1
  return { prompt, tokens, mask }
}

/**
 * A sequence with scores at its last token alone: what a reward model judges.
 *
 * @throws PosttrainError `invalid-argument` for a sequence without tokens
 * @example
 * ```ts
 * atLastToken({ prompt: '2+2=', tokens: [5, 3, 0] }).mask // => [0, 0, 1]
 * ```
 */
export function atLastToken(sequence: TokenSequence): TokenSequence {
  const { length } = sequence.tokens
  if (length > 0) return at(sequence, [length - 1])
  throw invalidArgument(`a completion of ${JSON.stringify(sequence.prompt)} has no tokens, so no last one`)
}

/**
 * A completion with scores at the last token of each of its pieces: what a process reward model judges, if each piece
 * is a step.
 *
 * @throws PosttrainError `invalid-argument` for a step that ends where the one before it does, or before any token
 * @example
 * ```ts
 * const completion = { prompt: '', tokens: [5, 3, 0], mask: Uint8Array.of(1, 1, 1), ends: [2, 3] }
 * atStepEnds(completion).mask // => [0, 1, 1]
 * ```
 */
export function atStepEnds(completion: EncodedCompletion): TokenSequence {
  completion.ends.forEach((end, i, ends) => {
    if (end <= (ends[i - 1] ?? 0)) throw invalidArgument(`step ${i} of the completion has no tokens`)
  })
  return at(
    completion,
    completion.ends.map((end) => end - 1),
  )
}
