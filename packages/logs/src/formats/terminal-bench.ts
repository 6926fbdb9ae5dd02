import type { Format } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Results of Terminal-Bench, `results.json`: a row for each trial.
 *
 * A trial that did not end is not resolved: Terminal-Bench counts it so in its accuracy and lists it among the
 * unresolved, and it is worth 0 here.
 */
export const terminalBench: Format = {
  name: 'terminal-bench',
  title: 'Terminal-Bench, results.json',
  triedOn: 'terminal_bench 0.2.18, written by its own classes',
  unit: 'trial',
  recognises: ({ results }) => {
    const first = listOf(results)[0]
    return isObject(first) && 'trial_name' in first && 'task_id' in first && 'is_resolved' in first
  },
  reader: () =>
    function* ({ results }) {
      for (const item of listOf(results)) {
        const { task_id: id, trial_name: trial, is_resolved: resolved, instruction } = objectOf(item)
        const { total_input_tokens: read, total_output_tokens: drawn } = objectOf(item)
        const tokens = typeof read === 'number' && typeof drawn === 'number' ? read + drawn : undefined
        const reward = Number(resolved === true)
        yield rowOf({ task_id: id, sample_id: trial, reward, prompt: instruction, tokens })
      }
    },
}
