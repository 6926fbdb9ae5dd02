import { throwIfAborted, type CallOptions } from './calls.js'
import { aborted } from './errors.js'

/** How one call takes part in an order. */
export interface OrderedCall extends CallOptions {
  /** Whether the state may have changed although the call failed with this error (default: never). */
  readonly mayHaveChanged?: ((error: unknown) => boolean) | undefined
  /** True for the call that makes the state whole again (`load`). */
  readonly restores?: boolean | undefined
}

/** Calls that take effect in the order in which they are made. */
export interface CallOrder {
  /**
   * Does `work` after all calls made before.
   *
   * @throws PosttrainError `aborted`, with the failure as cause, if a call made before failed and that was not known
   *   when this one was made, or if the state may have changed by a failed call and nothing has restored it; whatever
   *   `work` throws
   */
  call<T>(name: string, work: () => Promise<T>, settings?: OrderedCall): Promise<T>
}

/**
 * Keeps the order that a `Trainable` promises: one queue, and a rule for failures.
 *
 * @example
 * ```ts
 * const order = createCallOrder()
 * const backward = order.call('backward', async () => { throw new Error('lost') })
 * const step = order.call('step', async () => 'stepped')
 * const [, result] = await Promise.allSettled([backward, step])
 * result.status // => 'rejected'
 * await order.call('step', async () => 'stepped') // => 'stepped'
 * ```
 */
export function createCallOrder(): CallOrder {
  let tail: Promise<unknown> = Promise.resolve()
  // Calls made between two known failures share a fate: the first of them that fails takes those behind it along.
  let fate: { failure?: unknown } = {}
  let broken: { readonly cause: unknown } | undefined
  return {
    call(name, work, { signal, mayHaveChanged = () => false, restores = false } = {}) {
      const own = fate
      const done = tail.then(async () => {
        if (own.failure !== undefined)
          throw aborted(`${name} was not done: a call before it failed`, undefined, own.failure)
        if (broken && !restores) {
          throw aborted(
            `${name} is refused: a failed call may have changed the weights`,
            'load a checkpoint',
            broken.cause,
          )
        }
        throwIfAborted(signal) // not begun: harmless to those behind it
        try {
          const result = await work()
          if (restores) broken = undefined
          return result
        } catch (error) {
          own.failure = error
          if (fate === own) fate = {}
          if (mayHaveChanged(error)) broken = { cause: error }
          throw error
        }
      })
      tail = done.catch(() => {})
      return done
    },
  }
}
