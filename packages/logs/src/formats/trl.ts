import { chosenScore } from './chosen-score.js'
import type { Format } from './format.js'
import { rowOf } from './values.js'

/** Columns that are not the rewards of a function. */
const OTHERS = ['mode', 'step', 'prompt', 'completion', 'advantage']

/**
 * Completions that TRL's GRPO trainer logs, `completions_*.parquet`: a row for each, with a column for each reward
 * function and the advantage that the trainer made of them.
 *
 * A task is a prompt. The policy is another at every step, so that `checkpoint` holds the step. Of several reward
 * functions one has to be chosen: their weights are not in the file.
 */
export const trl: Format = {
  name: 'trl',
  title: 'TRL, completions_*.parquet of GRPO',
  triedOn: 'trl 1.16.0, also of two reward functions',
  recognises: (record) => OTHERS.slice(1).every((name) => name in record),
  reader: (options) =>
    function* (record, place) {
      const names = Object.keys(record).filter((name) => !OTHERS.includes(name) && isScore(record[name]))
      const { step, prompt, completion, mode } = record
      yield rowOf({
        task_id: typeof prompt === 'string' ? prompt : JSON.stringify(prompt),
        reward: record[chosenScore(names, undefined, options, place)] ?? null,
        completion: typeof completion === 'string' ? completion : JSON.stringify(completion),
        checkpoint: step,
        split: mode,
      })
    },
}

/** A function that does not judge a completion gives None, which the file has as NaN. */
const isScore = (value: unknown): boolean => typeof value === 'number' || value === null
