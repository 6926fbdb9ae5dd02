import type { Chart } from './chart.js'
import type { Table } from './table.js'

/** What every section may start with. */
export interface SectionHead {
  readonly title?: string | undefined
  /** Paragraphs, separated by blank lines. */
  readonly text?: string | undefined
}

/** One sample with its judgement. */
export interface ReportSample {
  readonly prompt: string
  readonly completion: string
  /** What the verifier said, for instance `correct` or `uses 5 twice`. */
  readonly verdict: string
  /** Absent: not scored. 1 and above is marked as right, 0 and below as wrong, what lies between as neither. */
  readonly reward?: number | undefined
  /** Where the sample comes from, for instance the system's name. */
  readonly label?: string | undefined
}

/** A part of a report. */
export type ReportSection =
  | (SectionHead & { readonly kind: 'prose' })
  | (SectionHead & { readonly kind: 'table'; readonly table: Table })
  /** Two and more charts stand side by side where the page is wide enough. */
  | (SectionHead & { readonly kind: 'chart'; readonly charts: readonly Chart[] })
  | (SectionHead & { readonly kind: 'samples'; readonly samples: readonly ReportSample[] })

/** A report of one run. */
export interface Report {
  readonly title: string
  readonly subtitle?: string | undefined
  readonly sections: readonly ReportSection[]
  /** Last line of the page, for instance the command that made it. */
  readonly footer?: string | undefined
}
