import { described, invalidArgument, requireOneOf } from '@posttrain/core'

/** The language of a program. */
export type Language = 'python' | 'javascript'

/** What JSON can say. */
export type PlainValue =
  null | boolean | number | string | readonly PlainValue[] | { readonly [key: string]: PlainValue }

/** A suite in the program's language: assertions, test functions, `check(candidate)`, or test cases of unittest. */
export interface AssertionTests {
  readonly assertions: string
  /** Source that the assertions build on, for instance a prompt with helpers. It is not the program's to change. */
  readonly setup?: string | undefined
  /** The function under test, which `check` gets; required where it has the name of a function of the language. */
  readonly entryPoint?: string | undefined
}

/** Arguments, and what the function returns for them, by the equality of the program's language: 1 == 1.0 in Python. */
export interface PairTests {
  readonly entryPoint: string
  readonly pairs: readonly { readonly arguments: readonly PlainValue[]; readonly expected: PlainValue }[]
}

/** What a main program reads, and what it writes for it. */
export interface StreamTests {
  readonly streams: readonly { readonly stdin: string; readonly expected: string }[]
}

/** The tests of a program, in one of three forms. */
export type ProgramTests = AssertionTests | PairTests | StreamTests

/** A program and its tests. */
export interface Program {
  readonly language: Language
  readonly code: string
  readonly tests: ProgramTests
}

/**
 * Requires a program with tests in one of their forms, and returns it.
 *
 * @throws PosttrainError `invalid-argument` with what is wrong
 */
export function requireProgram(program: Program): Program {
  const given: unknown = program
  if (typeof given !== 'object' || given === null) throw invalidArgument(`a program is ${described(given)}`, PROGRAM)
  requireOneOf('language', program.language, ['python', 'javascript'])
  if (typeof program.code !== 'string') throw invalidArgument(`code is ${described(program.code)}`, PROGRAM)
  requireTests(program.tests)
  return program
}

const PROGRAM = 'a program is { language, code, tests }'
const TESTS = 'tests are { assertions, setup?, entryPoint? }, { entryPoint, pairs } or { streams }'

/** @throws PosttrainError `invalid-argument` with what is wrong */
export function requireTests(tests: ProgramTests): ProgramTests {
  const given: unknown = tests
  if (typeof given !== 'object' || given === null) throw invalidArgument(`tests are ${described(given)}`, TESTS)
  const { assertions, setup, entryPoint, pairs, streams } = given as Readonly<Record<string, unknown>>
  if ([assertions, pairs, streams].filter((form) => form !== undefined).length !== 1) {
    throw invalidArgument('tests must have exactly one of assertions, pairs and streams', TESTS)
  }
  for (const [name, text] of Object.entries({ assertions, setup, entryPoint })) {
    if (text !== undefined && typeof text !== 'string') throw invalidArgument(`${name} is ${described(text)}`, TESTS)
  }
  if (pairs !== undefined) {
    if (entryPoint === undefined) throw invalidArgument('pairs need an entryPoint', TESTS)
    requireEach('pairs', pairs, (pair) => Array.isArray(pair['arguments']) && 'expected' in pair)
  }
  if (streams !== undefined) {
    requireEach('streams', streams, (one) => typeof one['stdin'] === 'string' && typeof one['expected'] === 'string')
  }
  return tests
}

function requireEach(name: string, list: unknown, holds: (entry: Readonly<Record<string, unknown>>) => boolean): void {
  if (!Array.isArray(list)) throw invalidArgument(`${name} is ${described(list)}`, TESTS)
  const wrong = list.findIndex((entry: unknown) => !isRecord(entry) || !holds(entry))
  if (wrong >= 0) throw invalidArgument(`${name}[${wrong}] is not as tests have it`, EACH[name])
}

const EACH: Readonly<Record<string, string>> = {
  pairs: 'a pair is { arguments: [...], expected }',
  streams: 'a stream is { stdin, expected }, both texts',
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
