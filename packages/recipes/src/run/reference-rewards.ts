import { PosttrainError, type PolicySnapshot } from '@posttrain/core'
import { collectReferenceRewards, parseReferenceRewards, type ReferenceRewards } from '@posttrain/trainers'
import type { Recipe } from '../recipe.js'
import type { RunConfig } from './config.js'
import type { RunFolder } from './run-folder.js'
import type { SystemControl } from './system.js'

/** Tasks between two reports of progress. */
const TASKS_PER_REPORT = 64

/**
 * What rewards the untrained checkpoint gets for each training task, for algorithms that rank rewards among those: as many per task
 * as a step draws per prompt. Kept in the run's folder, where a run that goes on finds them.
 *
 * @returns undefined after a stop
 */
export async function collectRunRewards(
  system: string,
  { tasks, reward, maxTokens }: Recipe,
  { seed, samples }: RunConfig,
  reference: PolicySnapshot,
  folder: RunFolder,
  { shouldStop, onProgress }: SystemControl,
): Promise<ReferenceRewards | undefined> {
  const file = folder.rewardsOf(system)
  const text = folder.readText(file)
  const known = text === undefined ? undefined : parseReferenceRewards(JSON.parse(text))
  const settings = { reward: reward.name, count: samples, seed }
  const finished = [...(known?.tasks ?? [])]
  const stop = new AbortController()
  try {
    const rewards = await collectReferenceRewards({
      reference,
      tasks: tasks.train,
      reward,
      count: samples,
      maxTokens,
      seed,
      signal: stop.signal,
      ...(known ? { known } : {}),
      onTask: (entry) => {
        finished.push(entry)
        if (shouldStop()) stop.abort()
        if (finished.length % TASKS_PER_REPORT === 0) {
          onProgress({ system, phase: 'prepare', done: finished.length, total: tasks.train.length, tokens: 0 })
        }
      },
    })
    folder.write(file, JSON.stringify(rewards))
    return rewards
  } catch (error) {
    folder.write(file, JSON.stringify({ ...settings, tasks: finished }))
    if (error instanceof PosttrainError && error.code === 'aborted') return undefined
    throw error
  }
}
