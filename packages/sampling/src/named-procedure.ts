import type { Procedure, Reading, RewardFunction } from '@posttrain/core'

/** What a named procedure chooses by and how it reads; each is needed by some procedures. */
export interface ProcedureParts {
  /** A verifier, reward model or process reward. */
  readonly by?: RewardFunction | undefined
  /** For votes (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
}

/** What a name says beside itself; who makes the procedure checks it. */
export interface NamedOptions {
  /** Behind the colon, or the default. */
  readonly number: number
  numeric(key: string): number | undefined
  text(key: string): string | undefined
}

/** A procedure that has a name. */
export interface NamedProcedure {
  /** How it is written, with the options there are and their defaults. */
  readonly form: string
  /** What it does, in a line. */
  readonly title: string
  /** Of the number behind the colon. Absent: it must be said; `none`: there is none. */
  readonly number?: number | 'none' | undefined
  readonly options: readonly string[]
  /** Whether it chooses by something. */
  readonly needsBy?: true | undefined
  readonly make: (of: NamedOptions, parts: ProcedureParts) => Procedure
}
