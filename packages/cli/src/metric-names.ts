import { parseObjective } from '@posttrain/estimators'

/** What a metric reads that its name leaves open: a log has one part. */
const PROXY = 'proxy'

/**
 * The number of samples that a metric is of; a wrong name is refused before anything is read.
 *
 * @throws PosttrainError `invalid-argument`
 */
export const requireMetric = (name: string): number => parseObjective(name, { by: PROXY }).k
