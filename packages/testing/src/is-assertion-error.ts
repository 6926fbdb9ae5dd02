/**
 * Whether what a body threw says that its answer is wrong. Anything else, such as a broken connection, says nothing of
 * the answer.
 *
 * `node:assert`, chai and vitest throw an `AssertionError`; Jest's matchers leave their result on the error, and a
 * matcher of one's own in vitest throws a `JestExtendError`.
 *
 * @param error anything
 * @example
 * ```ts
 * isAssertionError(Object.assign(new Error('4 is not 5'), { name: 'AssertionError' })) // => true
 * isAssertionError(new TypeError('fetch failed')) // => false
 * ```
 */
export function isAssertionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const named = [error.name, error.constructor.name]
  return named.some((name) => NAMES.includes(name)) || 'matcherResult' in error
}

const NAMES = ['AssertionError', 'JestAssertionError', 'JestExtendError']
