import type { RowFields } from '../row-fields.js'
import type { Format } from './format.js'
import { isObject, listOf, objectOf, rowOf } from './values.js'

/** Ends of a simulation that τ²-bench leaves out of its figures. */
const NOT_EVALUABLE: readonly unknown[] = ['infrastructure_error', 'context_window_exceeded']

/**
 * Results of τ-bench, a list of trials, and of τ²-bench, one JSON with its simulations or their index.
 *
 * A trial that broke has reward null: τ-bench writes 0 and the error beside it, and counts it as a failure; τ²-bench
 * leaves out a simulation that has no reward, or that its infrastructure or the context window ended.
 */
export const tauBench: Format = {
  name: 'tau-bench',
  title: 'τ-bench and τ²-bench, results in JSON',
  triedOn: 'gpt-4o-airline.json of tau-bench; of τ²-bench no file, fields of its source, tau2-bench@143a213',
  unit: 'trial',
  recognises: (record) => isTrial(record) || simulationsOf(record) !== undefined,
  reader: () =>
    function* (record) {
      if (isTrial(record)) yield rowOfTrial(record)
      else for (const simulation of simulationsOf(record) ?? []) yield rowOfSimulation(objectOf(simulation), record)
    },
}

const isTrial = (record: RowFields): boolean =>
  ['task_id', 'reward', 'info', 'traj', 'trial'].every((name) => name in record)

function simulationsOf({ simulations, simulation_index: index, tasks }: RowFields): readonly unknown[] | undefined {
  const all = [simulations, index].map(listOf).find((list) => list.length > 0)
  return Array.isArray(tasks) && isObject(all?.[0]) && 'task_id' in all[0] && 'trial' in all[0] ? all : undefined
}

function rowOfTrial({ task_id: id, reward, info, trial }: RowFields): RowFields {
  return { task_id: id, sample: trial, reward: 'error' in objectOf(info) ? null : reward }
}

function rowOfSimulation(simulation: RowFields, { info }: RowFields): RowFields {
  const { task_id: id, trial, reward_info: score, reward, termination_reason: end } = simulation
  const { agent_cost: cost, duration } = simulation
  const { agent_info: agent, environment_info: environment } = objectOf(info)
  return rowOf({
    task_id: id,
    sample: trial ?? undefined,
    reward: NOT_EVALUABLE.includes(end) ? null : (objectOf(score)['reward'] ?? reward ?? null),
    model: objectOf(agent)['llm'] ?? undefined,
    cost: cost ?? undefined,
    seconds: duration ?? undefined,
    benchmark: objectOf(environment)['domain_name'],
  })
}
