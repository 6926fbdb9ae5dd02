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
