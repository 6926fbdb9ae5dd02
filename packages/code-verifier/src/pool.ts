import { aborted, abortable, throwIfAborted, type AbortSignalLike } from '@posttrain/core'

/** A number of things, each lent to one at a time, first come first served. */
export interface Pool<T> {
  /** @throws PosttrainError `aborted` at the signal or once the pool is closed; what `work` throws */
  use<R>(work: (item: T) => Promise<R>, signal?: AbortSignalLike): Promise<R>
  /** Lets nobody in any more, who waits included. */
  close(): void
}

export function makePool<T>(items: readonly T[]): Pool<T> {
  const free = [...items]
  const waiting = new Set<{ readonly get: (item: T) => void; readonly refuse: (error: Error) => void }>()
  let closed = false
  const give = (item: T): void => {
    const [next] = waiting
    if (next === undefined) free.push(item)
    else {
      waiting.delete(next)
      next.get(item)
    }
  }
  return {
    async use(work, signal) {
      throwIfAborted(signal)
      if (closed) throw closedError()
      let item = free.pop()
      if (item === undefined) {
        let place: { get: (item: T) => void; refuse: (error: Error) => void } | undefined
        const turn = new Promise<T>((get, refuse) => waiting.add((place = { get, refuse })))
        try {
          item = await abortable(turn, signal)
        } catch (error) {
          if (!waiting.delete(place!)) void turn.then(give, () => {}) // it was given in the same moment
          throw error
        }
      }
      const lent = item
      const done = work(lent)
        .finally(() => give(lent))
        .then((result) => {
          if (closed) throw closedError()
          return result
        })
      return abortable(done, signal)
    },
    close() {
      closed = true
      for (const { refuse } of waiting) refuse(closedError())
      waiting.clear()
    },
  }
}

const closedError = (): Error => aborted('the verifier is closed')
