import { shown } from '@posttrain/core'
import { wrongRow } from '../fields/wrong-field.js'
import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Rows that lm-eval writes with `--log_samples`: one for each document and filter.
 *
 * A filter that makes one answer of the repeats gives one sample, whose score stands under the name of its metric. A
 * filter that keeps several repeats gives the counts of a task where the score is their mean, which it is of pass@1 and
 * of exact_match; what another score makes of several repeats a row does not say. Filters are different figures:
 * choose one. lm-eval scores every row; no match is the answer `[invalid]` with the score 0 there.
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
  const several = severalOf(kept, listOf(row['resps']))
  if (several === undefined) {
    const answer = kept.length === 1 && typeof kept[0] === 'string' ? kept[0] : undefined
    return { reward: row[chosenScore(names, undefined, options, place)] ?? null, answer }
  }
  const ofSeveral = options.score === undefined && names.length > 0 && names.every((name) => /^pass@\d+$/.test(name))
  const name = ofSeveral ? 'pass@1' : chosenScore(names, undefined, options, place)
  const isMean = name === 'pass@1' || (name === 'exact_match' && !Array.isArray(row['target']))
  const c = Number(row[name]) * several.length
  if (isMean && Math.abs(c - Math.round(c)) < 1e-6) return { n: several.length, c: Math.round(c) }
  if (options.score !== undefined) return { reward: row[name] ?? null }
  throw wrongRow(
    place.where,
    `${shown(name)} is one score of the ${several.length} repeats that the filter keeps, and of which is not said`,
    `choose the rows of a filter that makes one answer of them, or take it as the score of a task with ${options.scoreOption} ${name}`,
  )
}

/** The repeats that a filter keeps, where it keeps more than one. A log-likelihood, a pair for one repeat, is none. */
function severalOf(kept: readonly unknown[], drawn: readonly unknown[]): readonly unknown[] | undefined {
  if (kept.length !== 1 || drawn.length !== 1) return undefined
  const several = listOf(kept[0])
  return several.length > 1 && several.length <= listOf(drawn[0]).length ? several : undefined
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
