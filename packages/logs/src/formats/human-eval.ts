import type { Format } from './format.js'

/**
 * Results of human-eval, `*_results.jsonl`: rows of ours as they are. A sample that timed out has `passed` false there,
 * and is worth 0 here.
 */
export const humanEval: Format = {
  name: 'human-eval',
  title: 'human-eval, *_results.jsonl',
  triedOn: 'human_eval 1.0.3',
  recognises: ({ task_id: id, completion, result, passed }) =>
    id !== undefined && typeof completion === 'string' && typeof result === 'string' && typeof passed === 'boolean',
  reader: () =>
    function* ({ task_id: id, completion, passed }) {
      yield { task_id: id, reward: Number(passed), completion }
    },
}
