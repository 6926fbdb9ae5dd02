import type { PatternCounts } from '@posttrain/estimators'

/** Counts of a task from [samples, reward] by pattern; `none` stands for samples without one. */
export const countsOf = (table: Readonly<Record<string, readonly [number, number]>>): PatternCounts =>
  new Map(
    Object.entries(table).map(([pattern, [samples, reward]]) => [
      pattern === 'none' ? undefined : pattern,
      { samples, reward },
    ]),
  )
