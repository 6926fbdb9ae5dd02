import type { TaskData } from '../task-data.js'
import { element } from './element.js'
import { RowList } from './row-list.js'
import { taskDetail } from './task-detail.js'
import { TaskSearch, type Found, type Query } from './task-search.js'

const written = (count: number): string => count.toLocaleString('en')

/** For instance `mean 0.25`, or of two systems `mean 0.25 | 1.00`. */
const describeMeans = (means: readonly number[]): string =>
  means.every(Number.isNaN)
    ? 'not scored'
    : `mean ${means.map((mean) => (Number.isNaN(mean) ? 'none' : mean.toFixed(2))).join(' | ')}`

/** Brings a list of tasks to life: `html-tasks.ts` has its markup, this the rest. */
export function tasksView(view: HTMLElement): void {
  const part = (name: string): HTMLElement => view.querySelector<HTMLElement>(`[data-part=${name}]`)!
  const data = JSON.parse(part('data').textContent) as TaskData
  const { texts, tasks, samples } = data
  const search = new TaskSearch(data)
  const controls = {
    search: part('search') as HTMLInputElement,
    outcome: part('outcome') as HTMLSelectElement,
    label: part('label') as HTMLSelectElement,
    order: part('order') as HTMLSelectElement,
  }
  const labels = search.labels()
  for (const label of labels) controls.label.append(new Option(texts[label]! || 'without a name', String(label)))
  // With one system there is nothing to choose, nor to compare.
  for (const name of ['label', 'apart']) part(name).closest<HTMLElement>('label, option')!.hidden = labels.length < 2
  view.classList.toggle('several', labels.length > 1)
  const ofTwo = labels.length === 2 ? labels.map((label) => search.meanRewards(label)) : []

  let found: Found
  const list = new RowList(part('list'), {
    draw: (row, into) => {
      const task = found.tasks[row]!
      const means = ofTwo.length > 0 && controls.label.value === 'all' ? ofTwo : [found.means]
      const count = found.counts[task]!
      into.append(
        element('span', 'id', texts[tasks.id[task]!]!),
        element('span', 'mean', describeMeans(means.map((of) => of[task]!))),
        element('span', 'prompt', texts[tasks.prompt[task]!]!),
        element('span', 'count', count === 1 ? '1 sample' : `${written(count)} samples`),
      )
    },
    onChoose: (row) => part('detail').replaceChildren(...taskDetail(data, found.tasks[row]!, found.matches)),
  })
  const update = (): void => {
    found = search.find({
      search: controls.search.value.trim(),
      outcome: controls.outcome.value as Query['outcome'],
      label: controls.label.value === 'all' ? 'all' : Number(controls.label.value),
      order: controls.order.value as Query['order'],
    })
    const matching = found.matches.reduce((sum, match) => sum + match, 0)
    part('found').textContent =
      `${written(matching)} of ${written(samples.reward.length)} samples, ` +
      `in ${written(found.tasks.length)} of ${written(tasks.id.length)} tasks`
    part('detail').replaceChildren()
    list.show(found.tasks.length)
  }
  view.addEventListener('input', update)
  view.hidden = false
  update()
}
