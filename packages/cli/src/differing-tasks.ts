import type { ReportTask } from '@posttrain/report'
import type { Compared } from './compared.js'

/** A task on which systems differ. */
export interface DifferingTask {
  readonly id: string
  /** How far, by the metric: the greatest distance of any two. */
  readonly by: number
}

/** The tasks on which any two systems differ, the furthest apart first, equal ones in the order of the log. */
export function differingTasks({ pairs }: Compared): readonly DifferingTask[] {
  const distances = new Map<string, number>()
  for (const { tasks } of pairs) {
    for (const { id, a, b } of tasks ?? []) distances.set(id, Math.max(distances.get(id) ?? 0, Math.abs(b - a)))
  }
  return Array.from(distances, ([id, by]) => ({ id, by }))
    .filter(({ by }) => by > 0)
    .sort((one, other) => other.by - one.by)
}

/** A system and the samples that are known of it. */
export interface ListedSystem {
  readonly name: string
  readonly tasks: readonly ReportTask[]
}

/**
 * Tasks with the samples of all systems, each under its system's name: what was asked once. Tasks of which no sample is
 * known are left out.
 */
export function sideBySide(ids: readonly string[], systems: readonly ListedSystem[]): readonly ReportTask[] {
  const known = systems.map(({ tasks }) => new Map(tasks.map((task) => [task.id, task])))
  return ids.flatMap((id) => {
    const own = known.map((tasks) => tasks.get(id))
    const samples = own.flatMap((task, i) =>
      (task?.samples ?? []).map((sample) => ({ ...sample, label: systems[i]!.name })),
    )
    if (samples.length === 0) return []
    const reference = own.find((task) => task?.reference !== undefined)?.reference
    return [{ id, prompt: promptOf(own, systems), reference, samples }]
  })
}

/** What was asked; where systems were asked differently, what each was asked. */
function promptOf(own: readonly (ReportTask | undefined)[], systems: readonly ListedSystem[]): string | undefined {
  const prompts = own.map((task) => task?.prompt)
  const different = new Set(prompts.filter((prompt) => prompt !== undefined))
  if (different.size < 2) return [...different][0]
  return prompts.flatMap((prompt, i) => (prompt === undefined ? [] : [`${systems[i]!.name}\n${prompt}`])).join('\n\n')
}
