import { resolve } from 'node:path'
import { invalidArgument } from '@posttrain/core'
import { fileIdentity } from './file-identity.js'
import { nameOfSource, type LogSource } from './log-source.js'

/** @throws PosttrainError `invalid-argument` for no source, or one that is given twice */
export function requireDistinct(sources: readonly LogSource[]): void {
  if (sources.length === 0) throw invalidArgument('there is nothing to read', 'name at least one source')
  const seen = new Map<unknown, string>()
  for (const source of sources) {
    const name = nameOfSource(source)
    const one = fileIdentity(source) ?? (typeof source === 'string' ? resolve(source) : source)
    const before = seen.get(one)
    if (before !== undefined) {
      const alias = before === name ? '' : `, the first time as ${before}`
      throw invalidArgument(`${name} is given twice${alias}`, 'its samples would count double')
    }
    seen.set(one, name)
  }
}
