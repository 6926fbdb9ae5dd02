import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/** Name of the weighted sum of all rewards, which the file has not, but which is what a run is judged by. */
const TOTAL = 'reward'

/**
 * Episodes of verifiers, `traces.jsonl`: a row for each trace.
 *
 * The reward is the sum of score · weight over the rewards; each reward can be chosen by its name. A trace has reward
 * null where a score of it is null or it has none, because the judge or the model failed: verifiers reports the mean
 * without such traces, and behind it the mean with 0 for them. So has an episode that broke before its first trace.
 */
export const verifiers: Format = {
  name: 'verifiers',
  title: 'verifiers, traces.jsonl',
  triedOn: 'verifiers 0.4.0',
  recognises: ({ env, task, traces }) =>
    isObject(env) && isObject(task) && Array.isArray(traces) && traces.every((trace) => 'rewards' in objectOf(trace)),
  reader: (options) => {
    const seen = new Set([TOTAL])
    return function* (episode, place) {
      const traces = listOf(episode['traces'])
      if (traces.length === 0) yield rowOfTrace({ id: episode['id'] }, episode, null)
      for (const item of traces) {
        const trace = objectOf(item)
        for (const name of Object.keys(objectOf(trace['rewards']))) seen.add(name)
        yield rowOfTrace(trace, episode, rewardOf(objectOf(trace['rewards']), [...seen], options, place))
      }
    }
  },
}

function rowOfTrace(trace: RowFields, episode: RowFields, reward: number | null): RowFields {
  const { data, key } = objectOf(episode['task'])
  const { idx, prompt, answer } = objectOf(data)
  const { config, name } = objectOf(trace['agent'])
  const said = listOf(trace['nodes'])
    .map(objectOf)
    .filter(({ sampled }) => sampled === true)
  const { content } = objectOf(said.at(-1)?.['message'])
  return rowOf({
    task_id: idx ?? key,
    sample_id: trace['id'],
    reward,
    reference: answer,
    prompt,
    tokens: trace['num_total_tokens'] ?? undefined,
    completion: typeof content === 'string' ? content : undefined,
    model: objectOf(config)['model'],
    agent: name,
    benchmark: objectOf(episode['env'])['id'],
  })
}

function rewardOf(rewards: RowFields, seen: readonly string[], options: ReaderOptions, place: Place): number | null {
  const all = Object.values(rewards).map(objectOf)
  const name =
    all.length === 0
      ? TOTAL
      : chosenScore(seen, options.score === undefined ? TOTAL : undefined, { ...options, onScore: () => {} }, place)
  const numbers = (name === TOTAL ? all : [objectOf(rewards[name])]).map(({ score, weight }) => ({ score, weight }))
  if (numbers.length === 0 || numbers.some(({ score }) => typeof score !== 'number')) return null
  if (name !== TOTAL) return numbers[0]!.score as number
  return numbers.reduce((sum, { score, weight }) => sum + (score as number) * Number(weight ?? 1), 0)
}
