import { formatValue } from './format-estimate.js'
import type { LiveState } from './live-state.js'
import type { Table } from './table.js'

/**
 * The last values of each series, and how far it is.
 *
 * @param rowHeader what a series is, for instance `variant`
 */
export const liveTable = ({ charts, series, steps }: LiveState, rowHeader: string): Table => ({
  columns: [
    { header: rowHeader },
    { header: 'step', align: 'right' },
    ...charts.map(({ title }) => ({ header: title, align: 'right' as const })),
    { header: 'state' },
  ],
  rows: series.map(({ name, points, note }) => {
    const last = points.at(-1)
    const value = (key: string): number | undefined => last?.values[key]
    return [
      name,
      last === undefined ? '' : `${last.step + 1} of ${steps}`,
      ...charts.map(({ key, unit }) => {
        const found = value(key)
        return found === undefined ? '' : formatValue(found, unit)
      }),
      note,
    ]
  }),
})
