import { described, invalidArgument, requireFinite, requireOneOf } from '@posttrain/core'
import type { FailureCause } from './program-verdict.js'
import type { Language } from './program.js'

/** A main program and what it reads. */
export interface MainProgram {
  readonly language: Language
  readonly code: string
  /** Standard input: empty unless told otherwise. */
  readonly stdin?: string | undefined
  /** Wall time in seconds after which it is ended; the verifier's own limit holds where that is less. */
  readonly seconds?: number | undefined
}

/** What became of a program that was run without being judged. */
export interface ProgramRun {
  /**
   * `finished`: it ended by itself with exit status 0. `unscored`: it needs a library that is not installed here, so
   * that what it wrote says nothing about it. Otherwise why it failed.
   */
  readonly status: 'finished' | 'unscored' | Exclude<FailureCause, 'assertion'>
  /** One sentence a person can check. */
  readonly reason: string
  /**
   * What it wrote until it ended or until both streams had the limit's bytes; nothing of one that was ended in the
   * middle, for instance out of time.
   */
  readonly stdout: string
  /** The same; the traceback of an error, and a line where the output was cut. */
  readonly stderr: string
  /** Its exit status as a shell sees it, from 0 to 255; undefined where it did not end by itself. */
  readonly exitCode: number | undefined
  /** Wall time it ran, in seconds. */
  readonly seconds: number
}

const FORM = 'a program to run is { language, code, stdin?, seconds? }'

/** @throws PosttrainError `invalid-argument` with what is wrong */
export function requireMainProgram(program: MainProgram): MainProgram {
  const given: unknown = program
  if (typeof given !== 'object' || given === null) throw invalidArgument(`a program is ${described(given)}`, FORM)
  requireOneOf('language', program.language, ['python', 'javascript'])
  for (const [name, text] of Object.entries({ code: program.code, stdin: program.stdin ?? '' })) {
    if (typeof text !== 'string') throw invalidArgument(`${name} is ${described(text)}`, FORM)
  }
  if (program.seconds !== undefined) requireFinite('seconds', program.seconds, { above: 0 })
  return program
}
