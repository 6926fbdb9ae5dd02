import {
  abortable,
  callCaller,
  letEventsRun,
  requireInteger,
  throwIfAborted,
  type AbortSignalLike,
} from '@posttrain/core'
import { platform } from './internal/platform.js'

/** The stream as those who work for it see it. */
export interface Lane<R> {
  /** Gives a result to whoever consumes the stream; settles once it has been taken. */
  readonly emit: (result: R) => Promise<void>
  /** Ends the stream with an error, as a failure of `work` does, while the lane goes on. */
  readonly fail: (error: unknown) => void
  /** Fires when nothing more may begin: at the first failure, or when the stream is over. */
  readonly closing: AbortSignalLike
  /** Fires when the stream is over: work whose result would not be lost at a failure goes by this one. */
  readonly over: AbortSignalLike
}

/**
 * Works on several items at the same time and yields results as they come. Items are taken one after another, only as
 * fast as results are consumed.
 *
 * After the first failure nothing begins any more; what is under way is waited for, its results are yielded, and then
 * the failure is thrown. An abort ends the stream at once: results that are there are yielded first, and work that goes
 * on is told by its signals and not waited for.
 *
 * @param lanes items that are worked on at the same time, at least 1
 * @param work called for each item; emits any number of results
 * @throws PosttrainError `aborted` at the signal; whatever `work` or the items throw
 * @example
 * ```ts
 * const squares: number[] = []
 * const work = async (n: number, { emit }: Lane<number>) => emit(n * n)
 * for await (const square of inLanes([1, 2, 3], 2, work, undefined)) squares.push(square)
 * squares // => [1, 4, 9]
 * ```
 */
export async function* inLanes<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  lanes: number,
  work: (item: T, lane: Lane<R>) => Promise<void>,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<R> {
  requireInteger('lanes', lanes, { min: 1 })
  const source = iteratorOf(items)
  const [closer, ender] = [new platform.AbortController(), new platform.AbortController()]
  const ready: { readonly result: R; readonly taken: () => void }[] = []
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}
  let open = lanes
  let taking: Promise<unknown> = Promise.resolve()

  const take = (): Promise<IteratorResult<T>> => {
    const next = taking.then(() => source.next())
    taking = next.catch(() => {})
    return abortable(next, closer.signal)
  }
  const emit = (result: R): Promise<void> =>
    new Promise((taken) => {
      ready.push({ result, taken })
      wake()
    })
  const fail = (error: unknown): void => {
    failure ??= { error }
    closer.abort()
  }
  const run = async (): Promise<void> => {
    try {
      while (!closer.signal.aborted) {
        const next = await take()
        if (next.done) break
        await work(next.value, { emit, fail, closing: closer.signal, over: ender.signal })
      }
    } catch (error) {
      fail(error)
    }
    open--
    wake()
  }

  const stop = (): void => {
    ender.abort()
    closer.abort()
  }
  signal?.addEventListener('abort', stop)
  try {
    throwIfAborted(signal)
    for (let i = 0; i < lanes; i++) void run()
    for (;;) {
      for (let next = ready.shift(); next; next = ready.shift()) {
        yield next.result
        next.taken()
      }
      throwIfAborted(signal)
      if (open === 0) {
        if (failure) throw failure.error
        return
      }
      const news = new Promise<void>((resolve) => (wake = resolve))
      // Something may have come between the checks and the promise: nothing was awaited, so nothing can have.
      await untilAborted(news, signal)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

/** Waits, at most until the signal fires: what there is then is still looked at. */
async function untilAborted(news: Promise<void>, signal: AbortSignalLike | undefined): Promise<void> {
  try {
    await abortable(news, signal)
  } catch {
    // The caller looks at the signal itself; what comes in this very turn is not lost.
    await letEventsRun()
  }
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): { next(): Promise<IteratorResult<T>> } {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  return { next: () => callCaller('the stream of tasks', 'when it was asked for the next one', () => iterator.next()) }
}
