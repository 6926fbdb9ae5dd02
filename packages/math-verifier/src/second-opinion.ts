import type { Worker } from 'node:worker_threads'
import { aborted, requireFinite, throwIfAborted, unsupported, type CallOptions } from '@posttrain/core'

/** Asked whether two answers are equal where the reader of this package cannot tell. */
export interface SecondOpinion {
  /**
   * @returns false where it cannot tell either
   * @throws PosttrainError `aborted` at the signal or once it is closed
   */
  isEqual(reference: string, answer: string, options?: CallOptions): Promise<boolean>
  /** Ends its thread. */
  close(): void
}

/** Seconds in which the engine must have been loaded. */
const START = 60

/** What plain text and LaTeX read apart: a percent sign begins a comment there, and these are no mathematics there. */
const AMBIGUOUS = /(?<!\\)[%?&#]/

/**
 * A second opinion by compute-engine: equal if the difference of the two becomes 0 by its rules of algebra. Its
 * approximations are never asked, and never is its "different" believed.
 *
 * It runs in a thread that is ended at the limit, and started anew. Only LaTeX is asked of it, since it reads plain
 * text in other ways: `1 1/2` is 11/2 to it.
 *
 * @throws PosttrainError `unsupported` where compute-engine, an optional peer dependency, is not installed;
 *   `invalid-argument` for a limit that is no positive number of seconds
 * @example
 * ```ts
 * const opinion = await computeEngineOpinion({ seconds: 10 })
 * await opinion.isEqual('\\lim_{x\\to 0}\\frac{\\sin x}{x}', '1') // => true
 * opinion.close()
 * ```
 */
export async function computeEngineOpinion({
  seconds = 2,
}: {
  /** Wall time of one question, in seconds (default 2). */
  readonly seconds?: number | undefined
} = {}): Promise<SecondOpinion> {
  requireFinite('seconds', seconds, { above: 0, max: 3600 })
  const start = await engineThreads()
  let thread: Worker | undefined = await start()
  let isClosed = false
  const end = (): void => {
    void thread?.terminate()
    thread = undefined
  }
  const ask = async (reference: string, answer: string, signal: CallOptions['signal']): Promise<boolean> => {
    throwIfAborted(signal)
    if (isClosed) throw aborted('the second opinion is closed')
    const asked = (thread ??= await start())
    asked.postMessage([reference, answer])
    const said = await firstOf(asked, seconds, signal)
    if (said === undefined) end()
    throwIfAborted(signal)
    return said === true
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    isEqual(reference, answer, { signal } = {}) {
      const isLatex = [reference, answer].some((text) => text.includes('\\'))
      if (!isLatex || [reference, answer].some((text) => AMBIGUOUS.test(text))) return Promise.resolve(false)
      const inTurn = last.then(() => ask(reference, answer, signal))
      last = inTurn.catch(() => undefined)
      return inTurn
    },
    close() {
      isClosed = true
      end()
    },
  }
}

/** Starts threads in which the engine has been loaded; an idle one keeps no process alive. */
async function engineThreads(): Promise<() => Promise<Worker>> {
  const { Worker } = await import('node:worker_threads')
  return async () => {
    const thread = new Worker(new URL('../runtime/compute-engine.mjs', import.meta.url), {
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    })
    const failed = new Promise<unknown>((resolve) => thread.once('error', resolve))
    const began = await Promise.race([firstOf(thread, START), failed])
    if (began !== 'ready') {
      void thread.terminate()
      const why = began instanceof Error ? `: ${began.message}` : ''
      throw unsupported(`compute-engine cannot be loaded${why}`, 'npm install @cortex-js/compute-engine@0.140.0')
    }
    thread.unref()
    return thread
  }
}

/** The next message of a thread; undefined if it ended, if time is up or at the signal. */
function firstOf(thread: Worker, seconds: number, signal?: CallOptions['signal']): Promise<unknown> {
  return new Promise((resolve) => {
    const settle = (said?: unknown): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      thread.off('message', settle).off('exit', stop).off('error', stop)
      resolve(said)
    }
    const stop = (): void => settle()
    const timer = setTimeout(stop, seconds * 1000)
    signal?.addEventListener('abort', stop)
    thread.once('message', settle).once('exit', stop).once('error', stop)
  })
}
