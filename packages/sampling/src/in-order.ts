import { requireInteger } from '@posttrain/core'

/**
 * Works on items, so many at the same time, and gives the results in the order of the items. After a failure nothing
 * begins any more; the results before it still come. Items are taken only as fast as results are.
 *
 * @param width items that are worked on, or wait for those before them; at least 1
 * @throws whatever `work` or the items throw, after the results before it
 * @example
 * ```ts
 * const squares: number[] = []
 * for await (const square of inOrder([1, 2, 3], 2, async (n) => n * n)) squares.push(square)
 * squares // => [1, 4, 9]
 * ```
 */
export async function* inOrder<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  requireInteger('width', width, { min: 1 })
  const source = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  const take = async (): Promise<IteratorResult<T>> => source.next()
  const begun: Promise<R>[] = []
  let hasFailed = false
  const add = (result: Promise<R>): void => {
    result.catch(() => (hasFailed = true)) // it is looked at when its turn comes
    begun.push(result)
  }
  try {
    while (!hasFailed) {
      const next = await take().catch((error: unknown) => {
        add(failed(error)) // an item that cannot be had: its turn comes after those before it
      })
      if (!next || next.done) break
      add(work(next.value))
      if (begun.length >= width) yield await begun.shift()!
    }
    for (const result of begun) yield await result
  } finally {
    await source.return?.()
  }
}

async function failed(error: unknown): Promise<never> {
  throw error
}
