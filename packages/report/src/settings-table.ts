import type { Table } from './table.js'

type Entry = readonly [path: string, value: string]

const isRecord = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function entriesOf(settings: object, prefix: string): Entry[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]): Entry[] => {
    if (value === undefined) return []
    if (isRecord(value)) return entriesOf(value, `${prefix}${key}.`)
    return [[`${prefix}${key}`, typeof value === 'string' ? value : JSON.stringify(value)]]
  })
}

/**
 * The settings of a run as a table of two columns; nested settings get dotted names.
 *
 * @param settings plain JSON data
 * @example
 * ```ts
 * settingsTable({ seed: 7, adam: { rate: 0.001 } }).rows // => [['seed', '7'], ['adam.rate', '0.001']]
 * ```
 */
export function settingsTable(settings: object): Table {
  return { columns: [{ header: 'setting' }, { header: 'value' }], rows: entriesOf(settings, '') }
}
