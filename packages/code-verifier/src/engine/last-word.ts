import type { Interpreter } from './interpreter.js'
import type { Place } from './place.js'

/**
 * Tries something in the interpreter of a place. Where it broke and had run another program before, a fresh one has the
 * last word: no program answers for its predecessor.
 *
 * @param attempt gets what takes the interpreter for its next run
 */
export async function lastWord<T extends { readonly broken: boolean }>(
  place: Place,
  attempt: (next: () => Promise<Interpreter>) => Promise<T>,
): Promise<T> {
  let used = false
  const next = async (): Promise<Interpreter> => {
    const taken = await place.take(false)
    used ||= taken.used
    return taken.interpreter
  }
  const first = await attempt(next)
  return first.broken && used ? attempt(async () => (await place.take(true)).interpreter) : first
}
