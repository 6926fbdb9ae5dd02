/** Where a stop text is. */
export interface FoundStop {
  /** UTF-16 units before it. */
  readonly at: number
  readonly stop: string
}

/**
 * The stop text that begins first, and of those that begin at one place the longest.
 *
 * @example
 * ```ts
 * findStop('one\n\ntwo', ['two', '\n', '\n\n']) // => { at: 3, stop: '\n\n' }
 * ```
 */
export function findStop(text: string, stops: readonly string[]): FoundStop | undefined {
  let found: FoundStop | undefined
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at < 0) continue
    if (!found || at < found.at || (at === found.at && stop.length > found.stop.length)) found = { at, stop }
  }
  return found
}
