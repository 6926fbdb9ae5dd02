import type { Format } from './format.js'
import { rowOf } from './values.js'

/**
 * Results of LiveCodeBench, `*_eval_all.json`: a record for each question, with a verdict for each sample.
 *
 * A sample that did not run is `false` there, and is worth 0 here.
 */
export const livecodebench: Format = {
  name: 'livecodebench',
  title: 'LiveCodeBench, *_eval_all.json, and rows of question_id with graded_list',
  triedOn: 'O1-Mini of LiveCodeBench/submissions@4d04b02',
  recognises: ({ question_id: id, graded_list: verdicts }) => id !== undefined && Array.isArray(verdicts),
  reader: () =>
    function* ({
      question_id: id,
      graded_list: rewards,
      code_list: samples,
      difficulty,
      platform,
      contest_date: date,
    }) {
      yield rowOf({ task_id: id, rewards, samples, difficulty, platform, contest_date: date })
    },
}
