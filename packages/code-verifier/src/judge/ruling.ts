import type { FailureCause } from '../program-verdict.js'

/** What became of the tests, before a person reads it. */
export type Ruling =
  | { readonly verdict: 'passed'; readonly checks: number }
  | Failure
  | { readonly verdict: 'unscored'; readonly message: string }

/** Why a program failed. */
export interface Failure {
  readonly verdict: 'failed'
  readonly cause: FailureCause
  readonly message: string
  /** The module that was missing, if that was the error. */
  readonly module?: string | undefined
}

/** The ruling, what the program wrote, and whether its interpreter broke for a reason that may be its predecessor's. */
export interface Judged {
  readonly ruling: Ruling
  readonly output: string
  /** How often the tests called the program. */
  readonly calls: number
  readonly broken: boolean
}
