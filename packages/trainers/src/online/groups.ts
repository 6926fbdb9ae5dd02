import {
  createStream,
  requireEnoughSamples,
  scoredOutcomes,
  type Outcome,
  type Sample,
  type ScoredOutcome,
  type Task,
} from '@posttrain/core'
import { itemsOfStep } from './prompt-order.js'
import type { TrainOnlineSettings } from './settings.js'

/** A prompt's samples, judged, with what each of them was worth to the objective. */
export interface TrainingGroup {
  readonly task: Task
  readonly samples: readonly Sample[]
  readonly outcomes: readonly ScoredOutcome[]
  readonly advantages: readonly number[]
}

/** What was drawn for a step, and how many samples were left out for want of a score. */
export interface DrawnGroups {
  readonly groups: readonly TrainingGroup[]
  readonly unscored: number
}

/**
 * Draws and judges the samples of a step. A prompt may come twice in a step, at the seam of two epochs: its place in
 * the step then keeps its groups, and their samples, apart.
 */
export async function drawGroups(settings: TrainOnlineSettings, step: number): Promise<DrawnGroups> {
  const { policy, reward, objective, promptsPerStep, samplesPerPrompt: count, maxTokens, signal, seed } = settings
  const tasks = itemsOfStep(settings.tasks, promptsPerStep, step, seed)
  const sampleSeed = createStream(seed, 'samples of step', step).integer(2 ** 31)
  const requests = tasks.map((task, place) => ({
    task: { ...task, id: `${place}/${task.id}` },
    count,
    seed: sampleSeed,
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }))
  const drawn = new Map(requests.map((request) => [request.task.id, [] as Sample[]]))
  for await (const sample of policy.sample(requests, signal ? { signal } : {})) {
    drawn.get(sample.taskId)![sample.index] = sample
  }

  const judged = await Promise.all(
    tasks.map(async (task, place) => {
      const samples = drawn.get(requests[place]!.task.id)!.map((sample) => ({ ...sample, taskId: task.id }))
      return { task, samples, outcomes: await reward.score(task, samples, signal ? { signal } : {}) }
    }),
  )
  const groups = judged.map(({ task, samples, outcomes }): TrainingGroup => {
    const scored = scoredOutcomes(outcomes, settings.unscored)
    requireEnoughSamples(`task ${task.id} under ${objective.name}`, objective.minimumSamples, scored.length)
    const kept = samples.filter((_, i) => isScored(outcomes[i]!))
    return { task, samples: kept, outcomes: scored, advantages: objective.advantages(scored) }
  })
  const unscored = judged.reduce((sum, { outcomes }) => sum + outcomes.filter((o) => !isScored(o)).length, 0)
  return { groups, unscored }
}

const isScored = (outcome: Outcome): boolean => outcome.kind === 'scored'
