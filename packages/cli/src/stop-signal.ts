import { EXIT } from './exit-status.js'

/**
 * A signal that fires at the first Ctrl-C, so that work can be saved; the second one ends the process at once.
 *
 * @param notice what to tell the person at the first
 */
export function stopOnInterrupt(notice: string): AbortSignal {
  const controller = new AbortController()
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.stopped)
    process.stderr.write(`\n${notice}\n`)
    controller.abort()
  }
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  return controller.signal
}
