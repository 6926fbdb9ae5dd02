import type { BodyOptions } from './request-body.js'

/**
 * The fields that ask for log-probs. Where the list of a chat begins with the drawn token, one more is asked for than
 * is kept; in a text tokens are keys, which must be ids where the same text may be of several tokens.
 */
export function wantedLogprobs({ api, abilities, logprobs, topLogprobs }: BodyOptions): object {
  if (!logprobs || abilities.logprobs === 'none') return {}
  if (topLogprobs === undefined) return { logprobs: api === 'chat' ? true : 1 }
  if (api === 'chat') return { logprobs: true, top_logprobs: topLogprobs + (abilities.drawnFirst ? 1 : 0) }
  return { logprobs: topLogprobs, ...(abilities.tokenIds === 'choice' && { return_tokens_as_token_ids: true }) }
}

/** What servers write for the logarithm of 0, which JSON does not have. */
const ZERO = -9999

/**
 * The log-probs of the likeliest tokens at each place, the greatest first: what a server gives beside them, the drawn
 * token, is not among them.
 *
 * @param given at each place, in any order
 * @param most of one place
 * @param places of the sample
 * @returns undefined where a place has none, or what cannot be a log-prob
 */
export function likeliestTokens(
  given: readonly (readonly number[])[] | undefined,
  most: number,
  places: number,
): readonly (readonly number[])[] | undefined {
  if (given?.length !== places) return undefined
  const isRight = given.every((values) => values.length > 0 && values.every((value) => value <= 0))
  if (!isRight) return undefined
  return given.map((values) =>
    values
      .map((value) => (value <= ZERO ? -Infinity : value))
      .sort((a, b) => (a === b ? 0 : b - a))
      .slice(0, most),
  )
}
