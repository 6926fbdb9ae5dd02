import { quoted, shown } from './shown.js'

/**
 * What a value is, as a message says it: total, short and visible, whatever the value.
 *
 * @param value anything
 * @example
 * ```ts
 * described('3') // => '"3"'
 * described(3n) // => '3n'
 * described([1, 2]) // => 'a list of 2'
 * ```
 */
export function described(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value === 'bigint') return `${shown(String(value))}n`
  if (typeof value === 'symbol' || typeof value === 'function') return `a ${typeof value}`
  return typeof value === 'object' && value !== null ? describedObject(value) : String(value)
}

function describedObject(value: object): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Promise) return 'a promise'
  if (ArrayBuffer.isView(value)) return `a ${Object.prototype.toString.call(value).slice(8, -1)}`
  return 'an object'
}
