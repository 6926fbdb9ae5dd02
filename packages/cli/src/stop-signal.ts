import { systemCode } from '@posttrain/core'
import { EXIT } from './exit-status.js'

/** Why the signal fired, if nobody reads what the command says any more. */
export const OUTPUT_CLOSED = 'output closed'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * A signal that fires at the first Ctrl-C, so that work can be saved, and likewise when the process is asked to end,
 * its terminal closes, or nobody reads its messages any more; the second time ends the process at once.
 *
 * @param notice what to tell the person at the first
 */
export function stopOnInterrupt(notice: string): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.stopped)
    controller.abort()
    process.stderr.write(`\n${notice}\n`)
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  process.stderr.on('error', (error) => {
    if (systemCode(error) === 'EPIPE') controller.abort(OUTPUT_CLOSED)
  })
  return controller.signal
}

/**
 * For work that is not worth saving: a Ctrl-C, or being asked to end, cleans up and ends the process.
 *
 * @param cleanUp removes what is half done
 * @returns call it when the work is done: signals do what they did before
 */
export function cleanUpOnInterrupt(cleanUp: () => void): () => void {
  const interrupt = (): void => {
    cleanUp()
    process.exit(EXIT.stopped)
  }
  for (const signal of SIGNALS) process.on(signal, interrupt)
  return () => {
    for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}
