import type { Format } from './format.js'
import { rowOf } from './values.js'

/** Records of NVIDIA's NeMo Evaluator, `results.jsonl`: one for each repeat of a problem, with its reward. */
export const nemo: Format = {
  name: 'nemo',
  title: 'NeMo Evaluator, results.jsonl',
  triedOn: 'no file of its own; fields of its documentation, 2026',
  recognises: ({ problem_idx: id, reward }) => id !== undefined && (typeof reward === 'number' || reward === null),
  reader: () =>
    function* (record) {
      const { problem_idx: id, repeat, reward, extracted_answer: answer, expected_answer: reference } = record
      const { prompt, model_response: completion, metadata } = record
      yield rowOf({ task_id: id, sample: repeat, reward, answer, reference, prompt, completion, metadata })
    },
}
