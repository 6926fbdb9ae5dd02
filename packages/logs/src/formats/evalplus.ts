import { invalidData } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Results of EvalPlus, `*_eval_results.json`, in the present form and in the older one.
 *
 * `base` says whether a sample passes the tests of the benchmark itself; `plus` whether it passes these and EvalPlus's
 * own. EvalPlus reports both, so that one has to be chosen, unless the own tests were not run. A sample that fails,
 * hangs or times out is worth 0, as EvalPlus counts it.
 */
export const evalplus: Format = {
  name: 'evalplus',
  title: 'EvalPlus, *_eval_results.json',
  triedOn: 'evalplus 0.3.1; older form: 0.2.0',
  unit: 'sample',
  recognises: ({ eval: results }) => {
    const first = Object.values(objectOf(results))[0]
    if (isObject(first)) return 'nfiles' in first && 'base' in first
    return Array.isArray(first) && 'base_status' in objectOf(first[0])
  },
  reader: (options) =>
    function* (record, place) {
      for (const [task, results] of Object.entries(objectOf(record['eval']))) {
        const samples = isObject(results) ? olderSamples(results) : listOf(results).map(objectOf)
        for (const [i, sample] of samples.entries()) yield rowOfSample(task, i, sample, options, place)
      }
    },
}

/** In the older form a task has a list of `[status, details]` for the base tests, and one for the others. */
function olderSamples({ base, plus }: RowFields): readonly RowFields[] {
  const status = (of: unknown, i: number): unknown => listOf(listOf(of)[i])[0]
  return listOf(base).map((_, i) => ({ base_status: status(base, i), plus_status: status(plus, i) }))
}

function rowOfSample(task: string, i: number, sample: RowFields, options: ReaderOptions, place: Place): RowFields {
  const { base_status: base, plus_status: plus, solution } = sample
  const hasPlus = plus !== undefined && plus !== null
  const name = chosenScore(hasPlus ? ['base', 'plus'] : ['base'], undefined, options, place)
  const reward = isPass(base, place) && (name === 'base' || isPass(plus, place))
  return rowOf({ task_id: task, sample: i, reward: Number(reward), completion: solution })
}

function isPass(status: unknown, { where }: Place): boolean {
  if (status === 'pass' || status === 'success') return true
  if (['fail', 'failed', 'timeout', 'timed out'].includes(String(status))) return false
  throw invalidData(`${where}: the status ${JSON.stringify(status)} is none of EvalPlus`, 'it is pass, fail or timeout')
}
