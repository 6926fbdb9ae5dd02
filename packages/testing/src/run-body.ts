import { abortable, aborted, invalidData, reasonOf } from '@posttrain/core'
import type { AbortSignalLike } from '@posttrain/core'
import { isAssertionError } from './is-assertion-error.js'

/** What a body is told about the run that it is. */
export interface Run {
  /** From 0: for instance the seed of a model. */
  readonly index: number
  /** Fires when the run's time is over, or when nothing of it is wanted any more. */
  readonly signal: AbortSignalLike
}

/**
 * The body of a test. It passes where it returns, and fails where an assertion does. Another error leaves the run
 * unscored: a broken connection is no wrong answer.
 */
export type Body = (run: Run) => unknown

/** What became of one run. */
export type RunVerdict = { readonly kind: 'passed' } | { readonly kind: 'failed' | 'unscored'; readonly reason: string }

/**
 * Runs a body once, for at most so many milliseconds.
 *
 * @throws PosttrainError `aborted` at the signal; `invalid-data` for a body that returns a boolean
 */
export async function runBody(
  body: Body,
  index: number,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignalLike },
): Promise<RunVerdict> {
  const over = new AbortController()
  const stop = (): void => over.abort()
  const timer = setTimeout(stop, timeout)
  signal.addEventListener('abort', stop)
  let returned: unknown
  try {
    returned = await abortable(
      Promise.resolve().then(() => body({ index, signal: over.signal })),
      over.signal,
    )
  } catch (error) {
    if (signal.aborted) throw aborted()
    if (over.signal.aborted) return { kind: 'unscored', reason: `did not end within ${timeout} ms` }
    return { kind: isAssertionError(error) ? 'failed' : 'unscored', reason: reasonOf(error) }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    stop()
  }
  if (typeof returned !== 'boolean') return { kind: 'passed' }
  throw invalidData(`the body returned ${returned} in run ${index}`, 'a body fails by an assertion: it throws')
}
