import type { Engine, Interpreter } from './interpreter.js'

/** A place for one interpreter, which is started when it is needed and replaced when it is gone. */
export interface Place {
  /**
   * The interpreter for the next run, started anew if the last one is gone.
   *
   * @param fresh asks for one that has run nothing
   * @returns the interpreter, and whether it has run something before
   */
  take(fresh: boolean): Promise<{ readonly interpreter: Interpreter; readonly used: boolean }>
  /** Ends the interpreter; the place is not used again. */
  close(): void
}

/**
 * @param engine starts the interpreters
 * @param once whether each of them serves a single run
 */
export function makePlace(engine: Engine, once: boolean): Place {
  let held: { readonly starting: Promise<Interpreter>; used: boolean } | undefined
  const clear = (): void => {
    held?.starting.then(
      (interpreter) => interpreter.kill('exit', 'replaced'),
      () => {},
    )
    held = undefined
  }
  return {
    async take(fresh) {
      if (held?.used && (fresh || once || !(await held.starting).alive)) clear()
      held ??= { starting: engine.start(), used: false }
      const { used } = held
      held.used = true
      return { interpreter: await held.starting, used }
    },
    close: clear,
  }
}
