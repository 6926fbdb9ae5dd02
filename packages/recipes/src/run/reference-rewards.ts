import type { PolicySnapshot } from '@posttrain/core'
import { collectReferenceRewards, parseReferenceRewards, type ReferenceRewards } from '@posttrain/trainers'
import type { Experiment } from './experiment.js'
import type { RunFolder } from './run-folder.js'
import type { VariantControl } from './variant-progress.js'

/** Tasks between two reports of progress. */
const TASKS_PER_REPORT = 64

/**
 * What rewards the untrained checkpoint gets for each training task, for algorithms that rank rewards among those: as
 * many per task as a step draws per prompt. Kept in the run's folder, where a run that goes on finds them, what a stop
 * left too.
 *
 * @throws PosttrainError `aborted` at the signal
 */
export async function collectRunRewards(
  variant: string,
  { recipe, config }: Experiment,
  reference: PolicySnapshot,
  folder: RunFolder,
  { signal, onProgress }: VariantControl,
): Promise<ReferenceRewards> {
  const file = folder.rewardsOf(variant)
  const text = folder.readText(file)
  const known = text === undefined ? undefined : parseReferenceRewards(JSON.parse(text))
  const { reward, maxTokens } = recipe
  const { samplesPerPrompt: count, seed } = config
  const { train } = recipe.tasks
  const finished = [...(known?.tasks ?? [])]
  try {
    const rewards = await collectReferenceRewards({
      reference,
      tasks: train,
      reward,
      count,
      sampling: { maxTokens },
      seed,
      signal,
      known,
      onTask: (entry) => {
        finished.push(entry)
        if (finished.length % TASKS_PER_REPORT !== 0) return
        onProgress({ variant, phase: 'prepare', done: finished.length, total: train.length, tokens: 0 })
      },
    })
    folder.write(file, JSON.stringify(rewards))
    return rewards
  } catch (error) {
    folder.write(file, JSON.stringify({ reward: reward.name, count, seed, tasks: finished }))
    throw error
  }
}
