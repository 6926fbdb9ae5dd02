import { callCallerNow, described, invalidData, shown, type Task } from '@posttrain/core'
import type { AllocationOptions } from './allocation.js'

/** What a run is named on a task. @throws PosttrainError `invalid-data` for a name that is no text */
export function runIdOf(task: Task, { idOf }: AllocationOptions): string {
  if (!idOf) return task.id
  const where = `on task ${shown(task.id)}`
  const id: unknown = callCallerNow('idOf', where, () => idOf(task))
  if (typeof id === 'string') return id
  throw invalidData(`idOf ${where} is ${described(id)}`, 'idOf returns a text')
}
