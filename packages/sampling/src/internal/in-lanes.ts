import { abortable, throwIfAborted, type AbortSignalLike } from '@posttrain/core'

/** The stream as those who work for it see it. */
export interface Lane<R> {
  /** Gives a result to whoever consumes the stream; settles once it has been taken. */
  readonly emit: (result: R) => Promise<void>
  /** Ends the stream with an error at once, while the work of the lane goes on. */
  readonly fail: (error: unknown) => void
  /** Fires when the stream ends, for whatever reason. */
  readonly signal: AbortSignalLike
}

// Node and browsers have it; no standard ECMAScript library type does.
interface Aborter {
  readonly signal: AbortSignalLike
  abort(): void
}
const { AbortController } = globalThis as unknown as { readonly AbortController: new () => Aborter }

/**
 * Works on several items at the same time and yields results as they come. Items are taken one after another, only as
 * fast as results are consumed.
 *
 * The first failure, and an abort, end the stream at once: work that goes on is told by its signal and not waited for;
 * results that are there are yielded first.
 */
export async function* inLanes<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  lanes: number,
  work: (item: T, lane: Lane<R>) => Promise<void>,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<R> {
  const source = iteratorOf(items)
  const aborter = new AbortController()
  const ready: { readonly result: R; readonly taken: () => void }[] = []
  let failure: { readonly error: unknown } | undefined
  let wake = (): void => {}
  let open = lanes
  let taking: Promise<unknown> = Promise.resolve()

  const take = (): Promise<IteratorResult<T>> => {
    const next = taking.then(() => source.next())
    taking = next.catch(() => {})
    return next
  }
  const emit = (result: R): Promise<void> =>
    new Promise((taken) => {
      ready.push({ result, taken })
      wake()
    })
  const fail = (error: unknown): void => {
    failure ??= { error }
    wake()
  }
  const run = async (): Promise<void> => {
    try {
      while (!failure && !aborter.signal.aborted) {
        const next = await take()
        if (next.done) break
        await work(next.value, { emit, fail, signal: aborter.signal })
      }
    } catch (error) {
      fail(error)
    }
    open--
    wake()
  }

  const stop = (): void => aborter.abort()
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
      if (failure) throw failure.error
      if (open === 0) return
      const news = new Promise<void>((resolve) => (wake = resolve))
      // Something may have come between the checks and the promise: nothing was awaited, so nothing can have.
      await abortable(news, signal)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): { next(): Promise<IteratorResult<T>> } {
  if (Symbol.asyncIterator in items) return items[Symbol.asyncIterator]()
  const iterator = items[Symbol.iterator]()
  return { next: async () => iterator.next() }
}
