import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Rows that lm-eval writes with `--log_samples`: one for each document and filter.
 *
 * A filter that keeps every repeat and is scored by pass@1 gives the counts of a task; every other gives one sample,
 * whose score stands under the name of its metric, whatever number of repeats the filter made it of. Filters are
 * different figures: choose one. lm-eval scores every row; no match is the answer `[invalid]` with the score 0 there.
 */
export const lmEval: Format = {
  name: 'lm-eval',
  title: 'lm-evaluation-harness, samples_*.jsonl',
  triedOn: 'lm_eval 0.4.13',
  recognises: ({ doc_id: id, doc, resps, filter }) =>
    id !== undefined && isObject(doc) && Array.isArray(resps) && typeof filter === 'string',
  reader: (options) =>
    function* (row, place) {
      const { doc_id: id, doc, target, arguments: given, filter } = row
      yield rowOf({
        task_id: id,
        ...scoreOf(row, options, place),
        reference: target,
        prompt: promptOf(given),
        filter,
        benchmark: benchmarkOf(place.file),
        doc,
      })
    },
}

function scoreOf(row: RowFields, options: ReaderOptions, place: Place): RowFields {
  const names = listOf(row['metrics']).map(String)
  const kept = listOf(row['filtered_resps'])
  const all = kept.length === 1 ? listOf(kept[0]) : []
  if (options.score === undefined && names.length > 0 && names.every((name) => /^pass@\d+$/.test(name))) {
    const c = Number(row['pass@1']) * all.length
    if (all.length > 0 && Math.abs(c - Math.round(c)) < 1e-6) return { n: all.length, c: Math.round(c) }
  }
  const answer = kept.length === 1 && typeof kept[0] === 'string' ? kept[0] : undefined
  return { reward: row[chosenScore(names, undefined, options, place)] ?? null, answer }
}

/** The text of the only request of a document; a choice among several has one for each. */
function promptOf(given: unknown): unknown {
  const requests = Object.values(objectOf(given))
  const { arg_0: text } = requests.length === 1 ? objectOf(requests[0]) : {}
  return typeof text === 'string' ? text : undefined
}

/** The task of lm-eval that a file is named after: its rows do not say it. */
const benchmarkOf = (file: string): string | undefined =>
  /(?:^|[/\\])samples_(.+?)(?:_\d{4}-\d\d-\d\dT[\d-.]+)?\.jsonl/.exec(file)?.[1]
