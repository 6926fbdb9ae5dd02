import { invalidData, type Task } from '@posttrain/core'
import type { ProgramTests, StreamTests } from './program.js'

/**
 * The tests in a task's reference: as JSON an object of tests, a list of streams, or `{ inputs, outputs }` of main
 * programs as the data sets of code contests have them; any other text is assertions.
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
  if (typeof read !== 'object' || read === null) return { assertions: reference }
  return contestTests(read, id) ?? (read as ProgramTests)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Tests as APPS, TACO and LiveCodeBench have them for main programs: what is read, and what is written for it. */
function contestTests(read: object, id: string): StreamTests | undefined {
  const { inputs, outputs, fn_name } = read as Readonly<Record<string, unknown>>
  if (!Array.isArray(inputs) || !Array.isArray(outputs)) return undefined
  const wrong = (what: string): Error => invalidData(`the tests of task ${id} ${what}`, CONTEST)
  if (fn_name !== undefined && fn_name !== null)
    throw wrong('call the function fn_name, whose arguments are not told apart')
  if (inputs.length !== outputs.length) throw wrong(`have ${inputs.length} inputs and ${outputs.length} outputs`)
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value
    if (Array.isArray(value) && value.every((line) => typeof line === 'string')) return value.join('\n')
    throw wrong('have inputs or outputs that are no texts')
  }
  return { streams: inputs.map((stdin, i) => ({ stdin: text(stdin), expected: text(outputs[i]) })) }
}

const CONTEST = 'give { inputs, outputs } of texts, or { entryPoint, pairs }'
