import type { RowFields } from '../row-fields.js'
import type { Format } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Results of CRUXEval: a list of verdicts for each task, beside the answers or alone.
 *
 * A sample that did not run is `false` there, and is worth 0 here.
 */
export const cruxeval: Format = {
  name: 'cruxeval',
  title: 'CRUXEval, scored_*.json, and any {task: [true, false …]}',
  triedOn: 'facebookresearch/cruxeval@190faf1',
  unit: 'task',
  recognises: (record) => verdictsOf(record) !== undefined,
  reader: () =>
    function* (record) {
      const answers = objectOf(record['raw_generations'])
      for (const [task, rewards] of Object.entries(verdictsOf(record) ?? {})) {
        yield rowOf({ task_id: task, rewards, answers: answers[task] })
      }
    },
}

function verdictsOf(record: RowFields): RowFields | undefined {
  const { raw_scored_generations: scored } = record
  const verdicts = isObject(scored) ? scored : record
  const lists = Object.values(verdicts)
  return lists.every(isVerdicts) && lists.some((list) => listOf(list).length > 0) ? verdicts : undefined
}

const isVerdicts = (value: unknown): boolean => Array.isArray(value) && value.every((item) => typeof item === 'boolean')
