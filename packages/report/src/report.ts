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

/** One sample among those of its task. */
export type TaskSample = Omit<ReportSample, 'prompt'> & {
  /** What was read from the completion, if it is another text. */
  readonly answer?: string | undefined
}

/** A task with its samples, of one or several systems. */
export interface ReportTask {
  readonly id: string
  readonly prompt?: string | undefined
  /** The right answer, where there is one. */
  readonly reference?: string | undefined
  readonly samples: readonly TaskSample[]
}

/** A part of a report. */
export type ReportSection =
  | (SectionHead & { readonly kind: 'prose' })
  | (SectionHead & { readonly kind: 'table'; readonly table: Table })
  /** Two and more charts stand side by side where the page is wide enough. */
  | (SectionHead & { readonly kind: 'chart'; readonly charts: readonly Chart[] })
  /** A few samples as cards, each with its prompt. */
  | (SectionHead & { readonly kind: 'samples'; readonly samples: readonly ReportSample[] })
  /** All samples by task, to be searched, sorted and filtered: the one part for which a page has a script. */
  | (SectionHead & { readonly kind: 'tasks'; readonly tasks: readonly ReportTask[] })

/** A report of one run. */
export interface Report {
  readonly title: string
  readonly subtitle?: string | undefined
  readonly sections: readonly ReportSection[]
  /** Last line of the page, for instance the command that made it. */
  readonly footer?: string | undefined
}
