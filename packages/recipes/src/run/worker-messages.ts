import type { ErrorCode } from '@posttrain/core'
import type { RunConfig } from './config.js'
import type { SystemProgress } from './system.js'

/** What a worker is started with. */
export interface WorkerData {
  readonly config: RunConfig
  /** Folder of the run. */
  readonly path: string
  /** One shared 32-bit integer: not 0 once everybody is to stop. */
  readonly stop: SharedArrayBuffer
}

/** What a worker says. It is told names of systems. */
export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: SystemProgress }
  | { readonly kind: 'done'; readonly system: string; readonly complete: boolean }
  | {
      readonly kind: 'error'
      readonly system: string
      readonly message: string
      readonly code?: ErrorCode
      readonly hint?: string
    }
