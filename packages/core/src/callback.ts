import { abortable, throwIfAborted, type CallOptions } from './calls.js'
import { described } from './described.js'
import { invalidData, PosttrainError } from './errors.js'
import { visible } from './shown.js'

/**
 * What one of the caller's functions gives. Whatever it throws, at once or later, becomes an error that names it; an
 * abort ends the wait, whatever becomes of the call.
 *
 * @param name for instance `the reward exact`
 * @param where for instance `on task a`
 * @param call a function that may hang, throw, or throw something that is no error
 * @throws PosttrainError `aborted` at the signal; `invalid-data` with what was thrown as its cause; a PosttrainError of
 *   the function as it is, but with the task, where `where` names one that its message does not
 * @example
 * ```ts
 * await callCaller('the reward length', 'on task a', async () => 4) // => 4
 * ```
 */
export async function callCaller<T>(
  name: string,
  where: string,
  call: () => T | PromiseLike<T>,
  { signal }: CallOptions = {},
): Promise<T> {
  throwIfAborted(signal)
  try {
    return await abortable(Promise.resolve(call()), signal)
  } catch (error) {
    throw namedFailure(name, where, error)
  }
}

/**
 * The same of a function that answers at once.
 *
 * @throws PosttrainError `invalid-data` with what was thrown as its cause; a PosttrainError as `callCaller` throws it
 * @example
 * ```ts
 * callCallerNow('learningRate', 'at step 0', () => 0.1) // => 0.1
 * ```
 */
export function callCallerNow<T>(name: string, where: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw namedFailure(name, where, error)
  }
}

/** What was thrown, as a sentence says it. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : typeof error === 'string' ? error : described(error)

function namedFailure(name: string, where: string, error: unknown): PosttrainError {
  if (!(error instanceof PosttrainError)) {
    return invalidData(`${name} failed ${where}: ${reasonOf(error)}`, undefined, error)
  }
  const [, task] = /^on (task .*)$/s.exec(where) ?? []
  if (task === undefined || error.code === 'aborted' || error.message.includes(visible(task))) return error
  return new PosttrainError(error.code, `${error.message} (${where})`, error.hint, { cause: error })
}
