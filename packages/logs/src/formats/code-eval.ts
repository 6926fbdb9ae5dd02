import type { RowFields } from '../row-fields.js'
import type { Format } from './format.js'
import { isObject, listOf, objectOf } from './values.js'

/**
 * Results of the metric `code_eval` of Hugging Face, as the harness of BigCode and its kin write them: for each task a
 * list of pairs, the number of a sample and its verdict.
 *
 * A sample that failed or timed out has `passed` false there, and is worth 0 here.
 */
export const codeEval: Format = {
  name: 'code-eval',
  title: 'BigCode harness and others by code_eval, {task: [[0, {passed}], …]}',
  triedOn: 'evaluate 0.4.6, its code_eval run on 3 tasks',
  unit: 'sample',
  recognises: (record) => {
    const lists = Object.values(record)
    return lists.length > 0 && lists.every((list) => Array.isArray(list) && list.every(isVerdict))
  },
  reader: () =>
    function* (record) {
      for (const [task, list] of Object.entries(record)) {
        for (const [sample, verdict] of listOf(list) as readonly (readonly [unknown, RowFields])[]) {
          yield { task_id: task, sample, reward: Number(verdict['passed'] === true) }
        }
      }
    },
}

const isVerdict = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && isObject(value[1]) && typeof objectOf(value[1])['passed'] === 'boolean'
