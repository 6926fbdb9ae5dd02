import type { ErrorCode } from '@posttrain/core'
import type { RunConfig } from './config.js'
import type { VariantProgress } from './variant-progress.js'

/** What a worker is started with. */
export interface WorkerData {
  readonly config: RunConfig
  /** Folder of the run. */
  readonly path: string
  /** By which this process holds the folder. */
  readonly lock: string
}

/** What a worker is told: to run a variant, or to stop, saving what it has. */
export type ToWorker = { readonly kind: 'run'; readonly variant: string } | { readonly kind: 'stop' }

/** What a worker says. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: VariantProgress }
  | { readonly kind: 'notice'; readonly notice: string }
  | { readonly kind: 'done'; readonly variant: string; readonly complete: boolean }
  | {
      readonly kind: 'error'
      readonly variant: string
      readonly message: string
      readonly code?: ErrorCode | undefined
      readonly hint?: string | undefined
    }
