import { invalidData, shown } from '@posttrain/core'
import type { RowFields } from '@posttrain/logs'

/** A row as a line of JSON, which has no infinity. */
export const rowLine = (fields: RowFields, where: string): string =>
  JSON.stringify(fields, (key, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value
    throw invalidData(`${where}: ${shown(key)} is infinite, which JSON cannot say`, 'write a finite number or null')
  })
