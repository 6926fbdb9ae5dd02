import { invalidArgument, PosttrainError } from '@posttrain/core'
import { EXIT } from './exit-status.js'
import { OUTPUT_CLOSED, stopOnInterrupt } from './stop-signal.js'

/** Something that saves as it goes on, so that `--resume` continues it. */
export interface SavedRun<R> {
  /** How it is continued, but for the folder: `posttrain run game24`. */
  readonly command: string
  /** Starts or continues it; it saves and ends at the signal. */
  readonly begin: (signal: AbortSignal) => Promise<R>
  readonly isFinished: (result: R) => boolean
  /** Called however it ends: progress is over. */
  readonly end: () => void
}

/**
 * Carries out what saves as it goes on, until it is finished or stopped; a stop is said, and is the exit status.
 *
 * @returns undefined where it was stopped
 */
export async function carryOut<R extends { readonly path: string }>(run: SavedRun<R>): Promise<R | undefined> {
  const signal = stopOnInterrupt('stopping after this step and saving; press Ctrl-C again to quit at once')
  let result: R
  try {
    result = await run.begin(signal)
  } catch (error) {
    if (!(error instanceof PosttrainError && error.code === 'aborted')) throw error
    stopped(signal, 'stopped before anything was written')
    return undefined
  } finally {
    run.end()
  }
  if (run.isFinished(result)) return result
  stopped(signal, `stopped; continue with: ${run.command} --resume ${result.path}`)
  return undefined
}

/** Says how it was left. What stopped because nobody reads what it says has another status. */
function stopped(signal: AbortSignal, sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = signal.reason === OUTPUT_CLOSED ? EXIT.outputClosed : EXIT.stopped
}

/**
 * Refuses other settings beside `--resume`: what is continued has its own.
 *
 * @param what is continued, for instance `run`
 */
export function requireResumeAlone(options: object, what: string): void {
  const other = Object.keys(options).find((name) => name !== 'resume' && name !== 'json')
  if (other === undefined) return
  throw invalidArgument(
    `--resume continues a ${what} with its own settings, so --${other} cannot be given`,
    `start a new ${what} to change settings`,
  )
}
