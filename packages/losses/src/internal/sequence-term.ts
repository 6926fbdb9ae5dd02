import type { TokenCotangents } from '@posttrain/core'

/** What one sequence adds to a loss. */
export interface SequenceTerm {
  readonly value: number
  readonly cotangents: TokenCotangents
}
