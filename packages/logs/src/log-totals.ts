/** What a log holds in all. */
export interface LogTotals {
  /** Samples, counted ones too. */
  readonly samples: number
  /** Tasks that were expected and of which there is no row. */
  readonly absent: number
  /** Samples without a score. */
  readonly unscored: number
  /** Source and line of the first of them. */
  readonly firstUnscored: string | undefined
  /** Rows that say again what one before has said of the same sample, which is counted once. */
  readonly repeated: number
  /** Source and line of the first of them. */
  readonly firstRepeated: string | undefined
  /** Samples with an answer. */
  readonly answered: number
  /** Samples whose answer is a text that stands for none, which is no vote. */
  readonly placeholders: number
  /** Samples with a proxy. */
  readonly proxied: number
  /** Whether answers were kept; otherwise nobody can vote. */
  readonly keepsAnswers: boolean
  /** Whether all rewards are 0 or 1. */
  readonly binary: boolean
  /** Whether all rewards lie within [0, 1]. */
  readonly withinUnit: boolean
  /** The most samples that a task was given, where drawing stopped at its first success; otherwise undefined. */
  readonly stoppedAt: number | undefined
}
