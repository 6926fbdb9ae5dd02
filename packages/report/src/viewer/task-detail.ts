import type { TaskData } from '../task-data.js'
import { element } from './element.js'
import { said, sampleCards } from './sample-cards.js'

/**
 * A task with its samples that match: what was asked once, and the samples of several systems side by side.
 *
 * @param task its place
 * @param matches (samples): 1 for those that are shown
 */
export function taskDetail(data: TaskData, task: number, matches: Uint8Array): readonly HTMLElement[] {
  const { texts, tasks } = data
  const text = (column: readonly number[]): string => texts[column[task]!]!
  const shown: number[] = []
  for (let i = tasks.starts[task]!; i < tasks.starts[task + 1]!; i++) if (matches[i] === 1) shown.push(i)
  return [
    element('h3', '', text(tasks.id)),
    ...said('Prompt', text(tasks.prompt)),
    ...said('Reference', text(tasks.reference)),
    ...bySystem(data, shown),
  ]
}

function bySystem(data: TaskData, shown: readonly number[]): readonly HTMLElement[] {
  const { label } = data.samples
  const systems = [...new Set(shown.map((sample) => label[sample]!))]
  if (systems.length < 2) return sampleCards(data, shown)
  const columns = systems.map((system) => {
    const own = shown.filter((sample) => label[sample] === system)
    return column(data, data.texts[system]! || 'without a name', own)
  })
  return [element('div', 'systems', ...columns)]
}

/** The samples of one system under its name. */
function column(data: TaskData, name: string, own: readonly number[]): HTMLElement {
  const right = own.filter((sample) => (data.samples.reward[sample] ?? 0) >= 1).length
  const counted = `${right} of ${own.length === 1 ? '1 sample' : `${own.length} samples`} right`
  const made = element('div', '', element('h4', '', name), element('p', 'detail', counted), ...sampleCards(data, own))
  made.role = 'group'
  made.ariaLabel = name
  return made
}
