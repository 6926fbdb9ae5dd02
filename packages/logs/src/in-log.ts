import { PosttrainError } from '@posttrain/core'

/**
 * Says of which of several logs an error is.
 *
 * @param label what errors call the log; undefined where there is but one
 * @param act what reads it
 */
export function inLog<T>(label: string | undefined, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (label === undefined || !(error instanceof PosttrainError)) throw error
    throw new PosttrainError(error.code, `${label}: ${error.message}`, error.hint, { cause: error })
  }
}
