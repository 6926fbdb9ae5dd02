import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/** What Inspect's own metrics make of its letters: correct, incorrect, partially correct, no answer. */
const LETTERS: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 }

/**
 * Logs of Inspect (UK AISI), one record for a whole log in JSON or for a sample of an `.eval`.
 *
 * A sample with an error and without a score has reward null, as Inspect leaves it out of its metrics; so has one
 * whose score is NaN or for which the scorer returned None. `N`, no answer, is 0 there and here. Of several scores the
 * log's headline is the reward; a score of parts is called `scorer.part`.
 */
export const inspect: Format = {
  name: 'inspect',
  title: 'Inspect, .eval and .json',
  triedOn: 'inspect_ai 0.3.285; .eval of 0.3.43',
  unit: 'sample',
  recognises: ({ eval: said, plan, samples }) =>
    isObject(said) && 'task' in said && 'model' in said && (isObject(plan) || Array.isArray(samples)),
  reader: (options) => {
    const seen = new Set<string>()
    return function* (log, place) {
      const said = rowOf(factsOf(log))
      for (const item of listOf(log['samples'])) {
        const sample = objectOf(item)
        const scores = scoresOf(objectOf(sample['scores']))
        for (const name of scores.keys()) seen.add(name)
        const chosen = scores.size === 0 ? undefined : choose(log, [...seen], options, place)
        yield { ...rowOfSample(sample, chosen === undefined ? undefined : scores.get(chosen)), ...said }
      }
    }
  },
}

/** What is the same for all samples of a log. */
function factsOf(log: RowFields): RowFields {
  const { task, model, model_generate_config: config, solver } = objectOf(log['eval'])
  const temperature = objectOf(config)['temperature'] ?? objectOf(objectOf(log['plan'])['config'])['temperature']
  return { model, benchmark: task, solver: solver ?? undefined, temperature: temperature ?? undefined }
}

function rowOfSample(sample: RowFields, score: RowFields | undefined): RowFields {
  const { id, epoch, input, target, metadata, output, model_usage: usage, total_time: seconds } = sample
  const { completion, choices } = objectOf(output)
  return rowOf({
    task_id: id,
    sample: epoch,
    reward: rewardOf(score?.['value']),
    answer: score?.['answer'] ?? undefined,
    reference: target,
    prompt: input,
    tokens: tokensOf(objectOf(usage)),
    seconds: seconds ?? undefined,
    completion: completion ?? objectOf(objectOf(listOf(choices)[0])['message'])['content'],
    metadata: Object.keys(objectOf(metadata)).length > 0 ? metadata : undefined,
  })
}

/** Tokens of all models that took part, graders too. */
function tokensOf(usage: RowFields): number | undefined {
  const totals = Object.values(usage).map((of) => Number(objectOf(of)['total_tokens'] ?? NaN))
  return totals.length === 0 || totals.some(Number.isNaN) ? undefined : totals.reduce((sum, total) => sum + total, 0)
}

/** The scores of a sample by name; those of a scorer that gives several, by the names of both. */
function scoresOf(scores: RowFields): ReadonlyMap<string, RowFields> {
  const all = new Map<string, RowFields>()
  for (const [scorer, score] of Object.entries(scores)) {
    const { value, answer } = objectOf(score)
    if (!isObject(value)) all.set(scorer, { value, answer })
    else for (const part in value) all.set(`${scorer}.${part}`, { value: value[part], answer })
  }
  return all
}

/**
 * The name of the score that is the reward.
 *
 * @param seen names in the samples so far: one lacks those whose scorer returned None
 */
function choose(log: RowFields, seen: readonly string[], options: ReaderOptions, place: Place): string {
  const { scores, headline } = objectOf(log['results'])
  const reported = options.score === undefined ? [] : listOf(scores).map((score) => nameOf(objectOf(score), 'name'))
  const main = isObject(headline) ? nameOf(headline, 'score') : undefined
  return chosenScore([...new Set([...seen, ...reported])], main, options, place)
}

const nameOf = (fields: RowFields, field: 'name' | 'score'): string => {
  const [scorer, name] = [String(fields['scorer']), String(fields[field])]
  return scorer === name ? name : `${scorer}.${name}`
}

function rewardOf(value: unknown): unknown {
  if (value === undefined) return null
  return typeof value === 'string' && Object.hasOwn(LETTERS, value) ? LETTERS[value] : value
}
