import type { Group } from '@posttrain/core'
import type { ReportSection } from '@posttrain/report'

/** How much of a study is done. */
export interface StudySizes {
  /** Runs that differ in their seed alone. */
  readonly seeds: number
  /** Training steps of each variant (default: the recipe's). */
  readonly steps?: number | undefined
  readonly samplesPerTask: number
  /** Held-out tasks, from the first (default: all). */
  readonly heldOutTasks?: number | undefined
}

/** A question that several runs answer together, and what a paper says of it. */
export interface Study {
  readonly name: string
  readonly title: string
  /** Where the idea is from. */
  readonly paper: string
  /** What is to be seen if the paper's claim holds here. */
  readonly claim: string
  /** On whose tasks and checkpoint. */
  readonly recipe: string
  /** One copy of the checkpoint is trained by each. */
  readonly algorithms: readonly string[]
  readonly full: StudySizes
  /** A few minutes on two cores. */
  readonly quick: StudySizes
  /** What its runs show beside their report. */
  readonly analyse?: ((runs: readonly StudyRun[]) => Promise<StudyAnalysis>) | undefined
}

/** What one run measured. */
export interface StudyRun {
  readonly seed: number
  /** Of each held-out task, by the name of the variant; the untrained one is `checkpoint`. */
  readonly groups: ReadonlyMap<string, readonly Group[]>
}

/** What the runs of a study show beside objective and metric. */
export interface StudyAnalysis {
  /** Sentences with the figures, the first over all. */
  readonly verdict: readonly string[]
  readonly sections: readonly ReportSection[]
  /** For programs. */
  readonly figures: object
}
