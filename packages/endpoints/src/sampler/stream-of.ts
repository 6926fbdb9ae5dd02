import { aborted, type AbortSignalLike, type Sample } from '@posttrain/core'

/** How work is told when to end, and where it hands over what it has. */
export interface Handing {
  readonly signal: AbortSignal
  readonly give: (samples: readonly Sample[]) => void
}

/**
 * Works on all items at once and gives samples as they come. Who stops reading ends the work, and so do a failure and
 * the signal.
 *
 * @param work paces itself; its signal fires when nobody wants it any more
 * @throws PosttrainError `aborted` at the signal; what `work` throws
 */
export async function* streamOf<T>(
  items: readonly T[],
  work: (item: T, handing: Handing) => Promise<void>,
  signal: AbortSignalLike | undefined,
): AsyncGenerator<Sample> {
  const stopping = new AbortController()
  const ready: Sample[] = []
  let failure: { readonly error: unknown } | undefined
  let open = items.length
  let wake = (): void => {}
  const stop = (): void => {
    failure ??= { error: aborted() }
    wake()
  }
  const give = (samples: readonly Sample[]): void => {
    ready.push(...samples)
    wake()
  }
  if (signal?.aborted) throw aborted()
  signal?.addEventListener('abort', stop)
  try {
    for (const item of items) {
      work(item, { signal: stopping.signal, give })
        .catch((error: unknown) => (failure ??= { error }))
        .finally(() => {
          open--
          wake()
        })
    }
    while (open > 0 || ready.length > 0) {
      if (ready.length > 0) yield* ready.splice(0)
      else if (failure) throw failure.error
      else await new Promise<void>((resolve) => (wake = resolve))
    }
    if (failure) throw failure.error
  } finally {
    signal?.removeEventListener('abort', stop)
    stopping.abort()
  }
}
