import { callCallerNow, described, invalidData, shown, type Sample, type Task } from '@posttrain/core'

/** The pattern of a sample: the way in which it solves, or tries to solve, its task; undefined where it has none. */
export type PatternClassifier = (sample: Sample, task: Task) => string | undefined

/**
 * What the caller's classifier says of a sample.
 *
 * @throws PosttrainError `invalid-data` if it throws, or gives neither a text nor undefined
 */
export function classified(classify: PatternClassifier, sample: Sample, task: Task): string | undefined {
  const where = `sample ${sample.index} of task ${shown(task.id)}`
  const pattern: unknown = callCallerNow('classify', `on ${where}`, () => classify(sample, task))
  if (pattern === undefined || (typeof pattern === 'string' && pattern !== '')) return pattern
  throw invalidData(
    `classify of ${where} is ${described(pattern)}`,
    'classify returns the name of a pattern, or undefined where a sample has none',
  )
}
