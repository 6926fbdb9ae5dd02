import { invalidData, type Task } from '@posttrain/core'
import type { ProgramTests, StreamTests } from './program.js'

/**
 * The tests in a task's reference: an object of tests or a list of streams as JSON; any other text is assertions.
 *
 * @throws PosttrainError `invalid-data` for a task without a reference
 * @example
 * ```ts
 * testsInReference({ id: 'a', prompt: '', reference: 'assert f(1) == 2' }) // => { assertions: 'assert f(1) == 2' }
 * ```
 */
export function testsInReference({ id, reference }: Task): ProgramTests {
  if (reference === undefined) {
    throw invalidData(`task ${id} has no tests`, 'give each task its tests as its reference, or say testsOf')
  }
  const read = parsed(reference)
  if (Array.isArray(read)) return { streams: read as StreamTests['streams'] }
  return typeof read === 'object' && read !== null ? (read as ProgramTests) : { assertions: reference }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
