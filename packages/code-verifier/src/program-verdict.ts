/**
 * Why a program failed: an assertion or an output was wrong; it raised an error; it asked to leave the interpreter; or
 * it reached a limit.
 */
export type FailureCause = 'assertion' | 'error' | 'exit' | 'timeout' | 'memory' | 'output'

/** What became of one program. Not to be had of a verdict: a program that could not be judged is no failure. */
export type ProgramVerdict = {
  /** One sentence a person can check. */
  readonly reason: string
  /** What a reviewer may want to look at, for instance `prints a verdict`; empty for most programs. */
  readonly signs: readonly string[]
} & (
  | { readonly verdict: 'passed'; readonly checks: number }
  | { readonly verdict: 'failed'; readonly cause: FailureCause }
  | { readonly verdict: 'unscored' }
)
