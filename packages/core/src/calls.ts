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
  if (signal.aborted) {
    work.catch(() => {}) // nobody waits for it any more
    return Promise.reject(aborted())
  }
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(aborted()))
    const settle =
      <V>(end: (value: V) => void) =>
      (value: V): void => {
        forget()
        end(value)
      }
    work.then(settle(resolve), settle(reject))
  })
}

/** Who waits for each signal: one listener serves all of them, since platforms warn of signals that have many. */
const waiting = new WeakMap<AbortSignalLike, { readonly calls: Set<() => void>; readonly fire: () => void }>()

/**
 * Calls back once, when the signal fires. However many wait for one signal, it has one listener: platforms warn of
 * signals that have many.
 *
 * @returns forgets it again
 * @example
 * ```ts
 * const never = { aborted: false, addEventListener() {}, removeEventListener() {} }
 * onAbort(never, () => {})() // => undefined
 * ```
 */
export function onAbort(signal: AbortSignalLike, call: () => void): () => void {
  const known = waiting.get(signal) ?? listen(signal)
  known.calls.add(call)
  return () => {
    known.calls.delete(call)
    if (known.calls.size > 0 || waiting.get(signal) !== known) return
    waiting.delete(signal)
    signal.removeEventListener('abort', known.fire)
  }
}

function listen(signal: AbortSignalLike): { readonly calls: Set<() => void>; readonly fire: () => void } {
  const calls = new Set<() => void>()
  const made = {
    calls,
    fire: () => {
      for (const call of [...calls]) call()
    },
  }
  waiting.set(signal, made)
  signal.addEventListener('abort', made.fire)
  return made
}
