import { requireFinite } from '@posttrain/core'
import { replaceForbidden } from './html.js'
import type { ReportTask } from './report.js'
import type { TaskData } from './task-data.js'

/**
 * Tasks as columns, so that a page with very many samples stays small and opens at once.
 *
 * @throws PosttrainError `invalid-argument` for a reward that is not finite
 */
export function encodeTasks(tasks: readonly ReportTask[]): TaskData {
  const places = new Map([['', 0]])
  const place = (text = ''): number => {
    const held = replaceForbidden(text)
    const known = places.get(held)
    if (known !== undefined) return known
    places.set(held, places.size)
    return places.size - 1
  }
  const samples = tasks.flatMap((task) => task.samples)
  const starts = [0]
  for (const task of tasks) starts.push(starts.at(-1)! + task.samples.length)
  const columns = {
    tasks: {
      id: tasks.map(({ id }) => place(id)),
      prompt: tasks.map(({ prompt }) => place(prompt)),
      reference: tasks.map(({ reference }) => place(reference)),
      starts,
    },
    samples: {
      label: samples.map(({ label }) => place(label)),
      verdict: samples.map(({ verdict }) => place(verdict)),
      answer: samples.map(({ answer }) => place(answer)),
      completion: samples.map(({ completion }) => place(completion)),
      reward: samples.map(({ reward }) => (reward === undefined ? null : requireFinite('reward of a sample', reward))),
    },
  }
  return { texts: [...places.keys()], ...columns }
}
