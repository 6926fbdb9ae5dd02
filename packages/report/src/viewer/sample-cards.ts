import { describeReward, outcomeOf, outcomeSigns } from '../outcome.js'
import type { TaskData } from '../task-data.js'
import { element } from './element.js'

/** Samples drawn at once: a task may have very many. */
const BATCH = 20

/** Samples as cards, and a button for more as long as there are. @param shown their places */
export function sampleCards(data: TaskData, shown: readonly number[]): readonly HTMLElement[] {
  const list = element('ul', 'samples')
  const more = element('button', '')
  more.type = 'button'
  let drawn = 0
  const draw = (): void => {
    const from = drawn
    drawn = Math.min(shown.length, from + BATCH)
    list.append(...shown.slice(from, drawn).map((sample) => card(data, sample)))
    more.hidden = drawn === shown.length
    more.textContent = `Show ${Math.min(BATCH, shown.length - drawn)} more of ${shown.length} samples`
  }
  more.addEventListener('click', draw)
  draw()
  return [list, more]
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
export const said = (name: string, text: string): readonly HTMLElement[] =>
  text === '' ? [] : [element('pre', '', element('span', 'said', name), text)]
