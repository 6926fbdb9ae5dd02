import { machineFailed } from '@posttrain/core'
import type { FailureCause } from '../program-verdict.js'
import type { Interpreter, Said } from './interpreter.js'

/** A thread or process that texts can be sent to. */
interface Transport {
  readonly send: (text: string) => void
  /** Ends it at once, whatever it does. */
  readonly destroy: () => void
  /** Whether this process waits for it before it ends by itself. */
  readonly hold: (waits: boolean) => void
}

/**
 * An interpreter over a transport: it pairs what is said with who waits for it.
 *
 * @returns `heard`, to be called with what arrives; `ready`, which resolves to the interpreter once it is ready
 */
export function conversation(
  what: string,
  { send, destroy, hold }: Transport,
): {
  readonly heard: (said: Said | { readonly kind: 'ready' }) => void
  readonly ready: Promise<Interpreter>
} {
  let died: Said | undefined
  let waiting: ((said: Said) => void) | undefined
  let started: (interpreter: Interpreter) => void
  let refused: (error: Error) => void
  const ready = new Promise<Interpreter>((resolve, reject) => {
    started = resolve
    refused = reject
  })
  const tell = (said: Said): void => {
    const call = waiting
    waiting = undefined
    hold(false)
    call?.(said)
  }
  const end = (said: Said & { kind: 'died' }): void => {
    if (died) return
    died = said
    destroy()
    refused(machineFailed(`${what} did not start: ${said.message}`))
    tell(said)
  }
  const interpreter: Interpreter = {
    get alive() {
      return died === undefined
    },
    say: (text) =>
      new Promise((resolve) => {
        if (died) {
          resolve(died)
          return
        }
        waiting = resolve
        hold(true)
        send(text)
      }),
    kill: (cause: FailureCause, message) => end({ kind: 'died', cause, message }),
  }
  return {
    ready,
    heard(said) {
      if (said.kind === 'ready') {
        hold(false)
        started(interpreter)
      } else if (said.kind === 'died') end(said)
      else if (!died) {
        if (said.kind === 'done' && !said.reusable) {
          died = { kind: 'died', cause: 'error', message: 'used up' }
          destroy()
        }
        tell(said)
      }
    },
  }
}
