// Every platform has setTimeout, Node also setImmediate, which does not wait a millisecond; neither is in a standard
// ECMAScript library type.
interface Timers {
  readonly setTimeout: (callback: () => void, milliseconds: number) => unknown
  readonly setImmediate?: ((callback: () => void) => unknown) | undefined
}
const timers = globalThis as unknown as Timers

/**
 * Lets timers, input and signals have their turn. Work on a synchronous device awaits nothing but settled promises: a
 * loop of it must come by here now and then, or no Ctrl-C and no progress bar gets through.
 *
 * @example
 * ```ts
 * await letEventsRun() // => undefined
 * ```
 */
export function letEventsRun(): Promise<void> {
  return new Promise((resolve) => {
    if (timers.setImmediate) timers.setImmediate(resolve)
    else timers.setTimeout(resolve, 0)
  })
}
