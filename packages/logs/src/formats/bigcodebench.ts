import type { Format } from './format.js'
import { listOf, objectOf, rowOf } from './values.js'

/**
 * Results of BigCodeBench, `*_eval_results.json`: a list of samples for each task.
 *
 * A sample that fails or times out is worth 0, as BigCodeBench counts it.
 */
export const bigcodebench: Format = {
  name: 'bigcodebench',
  title: 'BigCodeBench, *_eval_results.json',
  triedOn: 'bigcodebench 0.2.5, run locally on 2 tasks',
  unit: 'sample',
  recognises: ({ eval: results }) => {
    const first = objectOf(listOf(Object.values(objectOf(results))[0])[0])
    return 'status' in first && 'solution' in first
  },
  reader: () =>
    function* ({ eval: results }) {
      for (const [task, samples] of Object.entries(objectOf(results))) {
        for (const [sample, item] of listOf(samples).entries()) {
          const { status, solution } = objectOf(item)
          yield rowOf({ task_id: task, sample, reward: Number(status === 'pass'), completion: solution })
        }
      }
    },
}
