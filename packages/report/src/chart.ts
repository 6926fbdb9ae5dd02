import type { Table } from './table.js'

/** A Vega-Lite specification as plain JSON data, for instance `{ mark: 'line', data: { values }, encoding }`. */
export type ChartSpec = Readonly<Record<string, unknown>>

/** A chart with the words for whoever cannot see it. */
export interface Chart {
  /** What is plotted, shown as its caption. */
  readonly title: string
  /** One or two sentences that replace the picture for a screen reader. */
  readonly description: string
  readonly spec: ChartSpec
  /** The plotted numbers, offered below the chart. */
  readonly data?: Table | undefined
}
