import type { AbortSignalLike } from '@posttrain/core'

interface Aborter {
  readonly signal: AbortSignalLike
  abort(): void
}

interface Platform {
  readonly AbortController: new () => Aborter
  readonly performance: { now(): number }
}

/** What Node and browsers have and no standard ECMAScript library type does. */
export const platform: Platform = globalThis as unknown as Platform
