import { describeReward, outcomeOf, outcomeSigns } from '../outcome.js'
import type { TaskData } from '../task-data.js'
import { element } from './element.js'

/** Samples drawn at once: a task may have very many. */
const BATCH = 20

/**
 * A task with its samples that match.
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
    ...cardsInBatches(shown, (sample) => card(data, sample)),
  ]
}

function card({ texts, samples }: TaskData, sample: number): HTMLElement {
  const text = (column: readonly number[]): string => texts[column[sample]!]!
  const reward = samples.reward[sample]
  const outcome = outcomeOf(reward)
  const sign = element('span', '', outcomeSigns[outcome])
  sign.ariaHidden = 'true'
  return element(
    'li',
    `sample ${outcome}`,
    element(
      'p',
      'judgement',
      element('span', 'verdict', sign, ` ${text(samples.verdict)}`),
      element('span', 'detail', describeReward(reward)),
      element('span', 'label', text(samples.label)),
    ),
    ...said('Completion', text(samples.completion)),
    ...said('Answer', text(samples.answer)),
  )
}

/** A text under its name; nothing for no text. */
const said = (name: string, text: string): HTMLElement[] =>
  text === '' ? [] : [element('pre', '', element('span', 'said', name), text)]

/** A list of cards, and a button for more as long as there are. */
function cardsInBatches(items: readonly number[], cardOf: (item: number) => HTMLElement): HTMLElement[] {
  const list = element('ul', 'samples')
  const more = element('button', '')
  more.type = 'button'
  let drawn = 0
  const draw = (): void => {
    const from = drawn
    drawn = Math.min(items.length, from + BATCH)
    list.append(...items.slice(from, drawn).map(cardOf))
    more.hidden = drawn === items.length
    more.textContent = `Show ${Math.min(BATCH, items.length - drawn)} more of ${items.length} samples`
  }
  more.addEventListener('click', draw)
  draw()
  return [list, more]
}
