import type { AbortSignalLike } from '@posttrain/core'

/** How far a variant is. */
export interface VariantProgress {
  readonly variant: string
  readonly phase: 'prepare' | 'train' | 'measure'
  readonly done: number
  readonly total: number
  /** Tokens sampled since the last report. */
  readonly tokens: number
  /** Of the last training step. */
  readonly reward?: number | undefined
  readonly solved?: number | undefined
}

/** What a variant is run with. */
export interface VariantControl {
  /** Ends the variant, which saves what it has. */
  readonly signal: AbortSignalLike
  readonly onProgress: (progress: VariantProgress) => void
  /** Told of damage that is healed, in a sentence. */
  readonly onNotice: (notice: string) => void
}
