import { invalidData, quoted } from '@posttrain/core'
import type { RowFields } from '../row-fields.js'
import { chosenScore } from './chosen-score.js'
import type { Format, Place, ReaderOptions } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/**
 * Results of Harbor, the harness of Terminal-Bench 2, `result.json`: of a job, which lists the names of its trials by
 * reward, or of one trial.
 *
 * A trial that ended without a valid reward, because its machine did not start for instance, has reward null; Harbor
 * counts it as 0 in the mean of a job. A trial that ran out of time has the reward that it was given.
 *
 * The name of a trial is that of its task, cut at 32 characters, and seven characters by chance. A job whose tasks
 * cannot be told apart by it is refused: the files of its trials have whole names.
 */
export const harbor: Format = {
  name: 'harbor',
  title: 'Harbor and Terminal-Bench 2, result.json of a job or a trial',
  triedOn: 'harbor 0.26.0, written by its own classes',
  unit: 'trial',
  recognises: (record) => isTrial(record) || isJob(record),
  reader: (options) =>
    function* (record, place) {
      if (isTrial(record)) yield rowOfTrial(record, options, place)
      else yield* rowsOfJob(record, options, place)
    },
}

const isTrial = (record: RowFields): boolean =>
  ['task_name', 'trial_name', 'agent_info', 'verifier_result'].every((name) => name in record)

const isJob = ({ stats, n_total_trials: total }: RowFields): boolean =>
  total !== undefined && isObject(stats) && isObject(stats['evals'])

function rowOfTrial(trial: RowFields, options: ReaderOptions, place: Place): RowFields {
  const { task_name: id, trial_name: name, agent_info: agent, source } = trial
  const { rewards } = objectOf(trial['verifier_result'])
  const isJudged = isObject(rewards) && Object.keys(rewards).length > 0 && trial['reward_valid'] !== false
  return rowOf({
    task_id: id,
    sample_id: name,
    reward: isJudged ? rewards[chosenScore(Object.keys(rewards), undefined, options, place)] : null,
    agent: objectOf(agent)['name'],
    model: objectOf(objectOf(agent)['model_info'])['name'],
    benchmark: source ?? undefined,
  })
}

function* rowsOfJob(job: RowFields, options: ReaderOptions, place: Place): Generator<RowFields> {
  const evals = Object.entries(objectOf(objectOf(job['stats'])['evals']))
  for (const [name, stats] of evals) {
    const { reward_stats: scores, exception_stats: broken } = objectOf(stats)
    const worth = new Map<string, number | null>()
    for (const trial of Object.values(objectOf(broken)).flatMap(listOf)) worth.set(String(trial), null)
    const names = Object.keys(objectOf(scores))
    const byReward = names.length === 0 ? {} : objectOf(scores)[chosenScore(names, undefined, options, place)]
    for (const [reward, trials] of Object.entries(objectOf(byReward))) {
      for (const trial of listOf(trials)) worth.set(String(trial), Number(reward))
    }
    requireWholeNames([...worth.keys()], place)
    for (const [trial, reward] of worth) {
      yield { task_id: taskOf(trial), sample_id: trial, reward, ...dimensionsOf(name) }
    }
  }
}

/** Characters of a task's name that the name of a trial has at most. */
const LONGEST_TASK = 32

const taskOf = (trial: string): string => trial.replace(/__[0-9A-Za-z]{7}$/, '')

/** Two trials may be of two tasks where a name was cut, and one character more if it was a hyphen. */
function requireWholeNames(trials: readonly string[], { where }: Place): void {
  const seen = new Set<string>()
  for (const task of trials.map(taskOf)) {
    if (task.length >= LONGEST_TASK - 1 && seen.has(task)) {
      throw invalidData(
        `${where}: the trials of a job have only the first ${LONGEST_TASK} characters of their task, and several are of ${quoted(task)}`,
        "read the trials' own files, which have the whole name: job/*/result.json",
      )
    }
    seen.add(task)
  }
}

/** A job names what it evaluates `agent__model__dataset`, or `agent__dataset`. */
function dimensionsOf(name: string): RowFields {
  const parts = name.split('__')
  if (parts.length === 3) return { agent: parts[0], model: parts[1], benchmark: parts[2] }
  return parts.length === 2 ? { agent: parts[0], benchmark: parts[1] } : { benchmark: name }
}
