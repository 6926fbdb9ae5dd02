import { quoted } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isResultTable, resultsInTable } from './promptfoo-table.js'
import { isObject, objectOf, rowOf } from './values.js'

/** What promptfoo gives as the reason of a failure that is no answer: the provider or an assertion broke. */
const ERROR = 2

/**
 * Results of promptfoo: the rows of `out.jsonl`, the `out.json` that holds them all, or the table of `out.csv`, whose
 * scores have two digits and whose repeats have no number.
 *
 * The reward is its verdict, `success`; `score` and the named scores are there to be chosen. An error has reward null:
 * promptfoo counts it beside passes and failures, though it writes the score 0. A task is a test, known by its
 * variables; repeats of it are told apart by `testIdx`.
 */
export const promptfoo: Format = {
  name: 'promptfoo',
  title: 'promptfoo, out.json, out.jsonl and out.csv',
  triedOn: 'promptfoo 0.121.20',
  unit: 'result',
  recognises: (record) => resultsOf(record) !== undefined,
  reader: (options) => {
    const tasks = new TestNames()
    return function* (record, place) {
      for (const result of resultsOf(record) ?? []) yield rowOfResult(objectOf(result), tasks, options, place)
    }
  },
}

const isResult = (value: unknown): boolean =>
  isObject(value) && 'success' in value && 'testCase' in value && 'vars' in value && 'provider' in value

function resultsOf(record: RowFields): readonly unknown[] | undefined {
  if (isResult(record)) return [record]
  if (isResultTable(record)) return resultsInTable(record)
  const { results } = record
  const list = isObject(results) ? results['results'] : results
  return Array.isArray(list) && list.length > 0 && list.every(isResult) ? list : undefined
}

function rowOfResult(result: RowFields, tasks: TestNames, options: ReaderOptions, place: Place): RowFields {
  const { success, score, namedScores, failureReason, provider, prompt, vars, testCase, testIdx, response } = result
  const { cost, tokenUsage: usage, latencyMs: milliseconds } = result
  const scores: RowFields = { success, score, ...objectOf(namedScores) }
  const name = options.score === undefined ? 'success' : options.score
  const known = failureReason === ERROR || Object.hasOwn(scores, name)
  if (!known && !tasks.scores.has(name)) chosenScore(Object.keys(scores), undefined, options, place)
  for (const seen of Object.keys(scores)) tasks.scores.add(seen)
  const { id, label } = objectOf(provider)
  const { raw, label: template } = objectOf(prompt)
  const { output } = objectOf(response)
  return rowOf({
    task_id: tasks.nameOf(objectOf(vars), objectOf(testCase)),
    sample: testIdx,
    reward: failureReason === ERROR ? null : (scores[name] ?? null),
    prompt: raw,
    completion: typeof output === 'string' ? output : undefined,
    cost: cost ?? undefined,
    tokens: objectOf(usage)['total'],
    milliseconds: milliseconds ?? undefined,
    provider: label || id || provider, // a provider without a label has '' as label
    template,
    vars,
    metadata: objectOf(testCase)['metadata'],
  })
}

/** Names tests by their variables; tests that differ in something else have a number behind. */
class TestNames {
  /** Names of scores in the results so far: a test lacks those that it does not ask for. */
  readonly scores = new Set<string>()
  readonly #tests = new Map<string, string[]>()

  nameOf(vars: RowFields, { description, assert, threshold }: RowFields): string {
    const values = Object.values(vars)
    const name = values.length === 1 && typeof values[0] === 'string' ? values[0] : JSON.stringify(vars)
    const test = JSON.stringify([Object.keys(vars), description, assert, threshold])
    const known = this.#tests.get(name)
    if (known === undefined) this.#tests.set(name, [test])
    const at = known?.indexOf(test) ?? 0
    if (at < 0) known!.push(test)
    const number = at < 0 ? known!.length : at + 1
    return number === 1 ? name : `${quoted(name)} (${number})`
  }
}
