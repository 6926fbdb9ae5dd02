import type { CallOptions, Sample, Task } from '@posttrain/core'
import type { JudgedGroup } from '../advantages/advantage-rule.js'
import { completionTokens } from '../online/completion-tokens.js'
import type { Drawing } from '../online/draw.js'
import { judge, type Judged } from '../online/judge.js'
import type { OfflineSequence } from '../offline/item.js'
import type { IterateOptions } from './settings.js'

/** What became of samples. drawn = unscored + kept + dropped. */
export interface KeptCount {
  readonly tasks: number
  readonly drawn: number
  readonly unscored: number
  readonly kept: number
  /** Judged, and left out by the rule. */
  readonly dropped: number
}

/** A round's training data, and where it comes from. */
export interface Collection {
  /** What was kept: prompts without any hint. */
  readonly items: readonly OfflineSequence[]
  /** Mean reward of the samples that were drawn without a hint; NaN if none had a score. */
  readonly reward: number
  readonly direct: KeptCount
  /** Second tries with a hint; absent if the algorithm makes none. */
  readonly rationalised?: KeptCount
  /** Tasks of which at least one sample was kept. */
  readonly tasksKept: number
  /** All judged samples, with and without a hint: the wrong ones are what correction data is made of. */
  readonly groups: readonly JudgedGroup[]
}

/** A task of the round, and the prompt its samples continue. */
interface Attempt {
  readonly task: Task
  readonly id: string
  readonly prompt: string
}

/** Draws, judges and keeps the data of a round. */
export async function collect(options: IterateOptions, call: CallOptions, drawing: Drawing): Promise<Collection> {
  const { tasks, reward, algorithm, unscored = 'throw', concurrency = 32, hint } = options
  const settings = { reward, unscored, concurrency, call }
  const attempt = async (attempts: readonly Attempt[]): Promise<readonly Judged[]> => {
    const prompted = attempts.map(({ task, id, prompt }) => ({ id, task: { ...task, prompt } }))
    return judge(settings, {}, attempts, await drawing.groups(prompted))
  }
  const keep = (group: JudgedGroup): Sample[] => algorithm.keep.keep(group).map((i) => group.samples[i]!)

  const attempts = tasks.map((task, place) => ({ task, id: `${place}/${task.id}`, prompt: task.prompt }))
  const direct = await attempt(attempts)
  const kept = direct.map(keep)
  const failed = hint && algorithm.rationalise ? attempts.filter((_, i) => kept[i]!.length === 0) : []
  const hinted = await attempt(failed.map(({ task, id }) => ({ task, id: `${id}, with a hint`, prompt: hint!(task) })))
  const keptHinted = hinted.map(keep)

  const itemsOf = (groups: readonly Judged[], samples: readonly (readonly Sample[])[]): OfflineSequence[] =>
    groups.flatMap(({ task }, i) =>
      samples[i]!.map((sample) => ({ prompt: task.prompt, tokens: completionTokens(task, sample) })),
    )
  const rewards = direct.flatMap(({ outcomes }) => outcomes.map((outcome) => outcome.reward))
  return {
    items: [...itemsOf(direct, kept), ...itemsOf(hinted, keptHinted)],
    reward: rewards.reduce((sum, value) => sum + value, 0) / rewards.length,
    direct: count(direct, kept),
    ...(algorithm.rationalise ? { rationalised: count(hinted, keptHinted) } : {}),
    tasksKept: [...kept, ...keptHinted].filter((samples) => samples.length > 0).length,
    groups: [...direct, ...hinted],
  }
}

function count(groups: readonly Judged[], kept: readonly (readonly Sample[])[]): KeptCount {
  const judged = groups.reduce((sum, { samples }) => sum + samples.length, 0)
  const unscored = groups.reduce((sum, group) => sum + group.unscored, 0)
  const keptSamples = kept.reduce((sum, samples) => sum + samples.length, 0)
  return {
    tasks: groups.length,
    drawn: judged + unscored,
    unscored,
    kept: keptSamples,
    dropped: judged - keptSamples,
  }
}
