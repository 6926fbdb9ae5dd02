import { callCallerNow, described, invalidData, shown, type Task } from '@posttrain/core'
import type { Aggregation } from '@posttrain/losses'
import type { AdvantageEstimator, AdvantageInput, GroupAdvantages } from '../../advantages/advantage-estimator.js'

/** Chosen tokens of each sample, group by group. */
type Lengths = readonly (readonly number[])[]

/**
 * The advantages of groups, checked.
 *
 * @throws PosttrainError `invalid-data`, naming estimator and task, for anything but one finite advantage per sample,
 *   or one per chosen token, and for what it throws
 */
export function askAdvantages(
  estimator: AdvantageEstimator,
  groups: readonly AdvantageInput[],
  lengths: Lengths,
): readonly GroupAdvantages[] {
  const name = `the advantages of ${estimator.name}`
  const tasks = shown(groups.map(({ task }) => task.id).join(', '))
  const where = `on ${groups.length === 1 ? 'task' : 'tasks'} ${tasks}`
  const given: unknown = callCallerNow(name, where, () => estimator.advantages(groups))
  if (!Array.isArray(given) || given.length !== groups.length) {
    throw invalidData(`${name} are ${described(given)} for ${groups.length} groups`, 'one entry per group, in order')
  }
  groups.forEach(({ task }, g) => {
    const { advantages, returns } = (given[g] ?? {}) as Readonly<Record<string, unknown>>
    requirePerSample(name, task, advantages, lengths[g]!, true)
    if (returns !== undefined) requirePerSample(`the returns of ${estimator.name}`, task, returns, lengths[g]!, false)
  })
  return given as readonly GroupAdvantages[]
}

function requirePerSample(
  name: string,
  { id }: Task,
  given: unknown,
  lengths: readonly number[],
  mayBeNumbers: boolean,
): void {
  if (!Array.isArray(given) || given.length !== lengths.length) {
    const found = Array.isArray(given) ? String(given.length) : described(given)
    throw invalidData(`${name} are ${found} for ${lengths.length} samples of task ${shown(id)}`)
  }
  lengths.forEach((length, i) => {
    const value: unknown = given[i]
    const where = `${name} give sample ${i} of task ${shown(id)}`
    if (mayBeNumbers && typeof value === 'number') {
      if (!Number.isFinite(value)) throw invalidData(`${where} ${value}`, 'look at its rewards')
    } else if (!(value instanceof Float64Array)) {
      throw invalidData(`${where} ${described(value)}`, 'an advantage is a number, or a Float64Array by chosen token')
    } else if (value.length !== length) {
      throw invalidData(`${where} ${value.length} values for ${length} chosen tokens`)
    } else if (!value.every(Number.isFinite)) {
      throw invalidData(`${where} a value that is not finite`, 'look at its rewards')
    }
  })
}

/**
 * The weights of sequences, checked.
 *
 * @throws PosttrainError `invalid-data` for anything but a finite number per sequence
 */
export function askWeights(aggregation: Aggregation, lengths: Lengths): Lengths {
  const name = `the aggregation ${aggregation.name}`
  const given: unknown = callCallerNow(name, 'on the batch', () => aggregation.weights(lengths))
  const fits = (group: readonly number[], g: number): boolean => {
    const weights: unknown = (given as readonly unknown[])[g]
    return Array.isArray(weights) && weights.length === group.length && Array.from(weights).every(Number.isFinite)
  }
  if (Array.isArray(given) && given.length === lengths.length && lengths.every(fits)) return given as Lengths
  throw invalidData(`${name} does not give one finite weight per sequence`, 'weights has the shape of lengths')
}
