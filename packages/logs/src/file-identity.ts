import { fstatSync, statSync } from 'node:fs'
import type { LogSource } from './log-source.js'

/**
 * Which file a source is, whatever it is called: its device and inode, behind all links.
 *
 * @param source for instance the path of a file, or an open one by its descriptor
 * @returns equal for two names of one file; undefined for what is no file, or cannot be looked at
 * @example
 * ```ts
 * fileIdentity('/dev/null') === fileIdentity('/dev/../dev/null') // => true
 * fileIdentity({ lines: [] }) // => undefined
 * ```
 */
export function fileIdentity(source: LogSource): string | undefined {
  const file = typeof source === 'string' ? source : 'descriptor' in source ? source.descriptor : undefined
  if (file === undefined) return undefined
  try {
    const { dev, ino } = typeof file === 'string' ? statSync(file, BIGINT) : fstatSync(file, BIGINT)
    return `${dev}:${ino}`
  } catch {
    return undefined // whoever reads it says why it cannot be read
  }
}

const BIGINT = { bigint: true } as const
