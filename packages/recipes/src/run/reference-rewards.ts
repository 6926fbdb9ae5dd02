import { PosttrainError, type PolicySnapshot } from '@posttrain/core'
import { collectReferenceRewards, parseReferenceRewards, type ReferenceRewards } from '@posttrain/trainers'
import type { Experiment } from './experiment.js'
import type { VariantControl } from './variant-progress.js'
import type { VariantWork } from './variant-work.js'

/** Tasks between two reports of progress, at which what there is is saved. */
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
  work: VariantWork,
  { signal, onProgress, onNotice }: VariantControl,
): Promise<ReferenceRewards> {
  const known = readRewards(work, onNotice)
  const { reward, maxTokens } = recipe
  const { samplesPerPrompt: count, seed } = config
  const { train } = recipe.tasks
  const finished = [...(known?.tasks ?? [])]
  let saved = finished.length
  const save = (tasks: ReferenceRewards['tasks']): void => {
    if (tasks.length === saved) return
    const rewards: ReferenceRewards = { reward: reward.name, count, seed, tasks }
    work.saveRewards(tasks.length, new TextEncoder().encode(JSON.stringify(rewards)))
    saved = tasks.length
  }
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
        save(finished)
        onProgress({ variant, phase: 'prepare', done: finished.length, total: train.length, tokens: 0 })
      },
    })
    save(rewards.tasks)
    return rewards
  } catch (error) {
    save(finished)
    throw error
  }
}

function readRewards(work: VariantWork, onNotice: VariantControl['onNotice']): ReferenceRewards | undefined {
  try {
    const file = work.readRewards()
    return file && parseReferenceRewards(JSON.parse(new TextDecoder().decode(file)))
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    onNotice(`${error.message}; its rewards are collected again`)
    return undefined
  }
}
