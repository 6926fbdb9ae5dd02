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
  /** Ends the interpreter; whoever takes it next gets another. */
  close(): void
}

/**
 * @param engine starts the interpreters
 * @param once whether each of them serves a single run; the next one then starts meanwhile
 */
export function makePlace(engine: Engine, once: boolean): Place {
  let held: { readonly starting: Promise<Interpreter>; used: boolean } | undefined
  let spare: Promise<Interpreter> | undefined
  const started = (): Promise<Interpreter> => {
    const starting = engine.start()
    starting.catch(() => {}) // said to whoever takes it
    return starting
  }
  const end = (starting: Promise<Interpreter> | undefined): void => {
    starting?.then(
      (interpreter) => interpreter.kill('exit', 'replaced'),
      () => {},
    )
  }
  const clear = (): void => {
    end(held?.starting)
    held = undefined
  }
  return {
    async take(fresh) {
      if (held?.used && (fresh || once || !(await isAlive(held.starting)))) clear()
      held ??= { starting: spare && (await isAlive(spare)) ? spare : started(), used: false }
      spare = once ? started() : undefined
      const { used } = held
      held.used = true
      return { interpreter: await held.starting, used }
    },
    close() {
      clear()
      end(spare)
      spare = undefined
    },
  }
}

const isAlive = (starting: Promise<Interpreter>): Promise<boolean> =>
  starting.then(
    ({ alive }) => alive,
    () => false,
  )
