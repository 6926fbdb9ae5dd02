import { aborted } from './errors.js'

/** The part of the platform's `AbortSignal` used here; spelled out so that no package needs DOM or Node types. */
export interface AbortSignalLike {
  readonly aborted: boolean
  /** Calls the listener when the signal fires. */
  addEventListener(type: 'abort', listener: () => void): void
  /** Forgets the listener. */
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Options of every call that may take long. */
export interface CallOptions {
  /** Ends the call early with a PosttrainError of code `aborted`. */
  readonly signal?: AbortSignalLike | undefined
}

/** @throws PosttrainError `aborted` once the signal has fired. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw aborted()
}

/**
 * A promise that an abort ends at once, whatever becomes of the work behind it.
 *
 * @throws PosttrainError `aborted` once the signal has fired; whatever the work throws
 * @example
 * ```ts
 * await abortable(Promise.resolve(4), undefined) // => 4
 * ```
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignalLike | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(aborted())
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
    const settle =
      <V>(end: (value: V) => void) =>
      (value: V): void => {
        signal.removeEventListener('abort', stop)
        end(value)
      }
    work.then(settle(resolve), settle(reject))
  })
}
