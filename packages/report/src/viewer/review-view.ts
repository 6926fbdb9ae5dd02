import type { ReviewData, ReviewSample } from '../review-data.js'
import { describeReward } from '../outcome.js'
import { element } from './element.js'
import { said } from './sample-cards.js'
import { ReviewState, type Gold, type Store } from './review-state.js'

const VERDICTS: readonly { readonly part: string; readonly key: string; readonly gold: Gold }[] = [
  { part: 'right', key: 'r', gold: 1 },
  { part: 'wrong', key: 'w', gold: 0 },
  { part: 'unknown', key: 'c', gold: null },
]

/** Brings a page for review to life: `html-review.ts` has its markup, this the rest. */
export function reviewView(view: HTMLElement): void {
  const part = (name: string): HTMLElement => view.querySelector<HTMLElement>(`[data-part=${name}]`)!
  const data = JSON.parse(part('data').textContent) as ReviewData
  const state = new ReviewState(data, browserStore(data.key))
  const note = part('note') as HTMLTextAreaElement
  const [hasKeys, reveals] = [part('keys') as HTMLInputElement, part('reveal') as HTMLInputElement]

  const drawJudgement = (): void => {
    const sample = data.samples[state.place]!
    const { gold } = state.judgement
    for (const verdict of VERDICTS) part(verdict.part).ariaPressed = String(gold === verdict.gold)
    part('found').textContent = state.progress()
    part('kept').hidden = state.isKept
    part('said').textContent = reveals.checked && gold !== undefined ? revealed(sample) : ''
  }
  const draw = (): void => {
    part('sample').replaceChildren(...sampleParts(data.samples[state.place]!))
    note.value = state.judgement.note ?? ''
    drawJudgement()
  }
  const judge = (gold: Gold): void => {
    state.judge(gold)
    // Who asked to see the reward stays to see it.
    if (!reveals.checked && state.judgement.gold !== undefined) state.move(1)
    draw()
  }
  const go = (act: () => void) => (): void => {
    act()
    draw()
    part('sample').scrollIntoView({ block: 'nearest' })
  }
  const actions: Readonly<Record<string, () => void>> = {
    previous: go(() => state.move(-1)),
    next: go(() => state.move(1)),
    open: go(() => state.toNotJudged()),
    download: () => download(state.lines()),
    ...Object.fromEntries(VERDICTS.map(({ part: name, gold }) => [name, () => judge(gold)])),
  }
  for (const [name, act] of Object.entries(actions)) part(name).addEventListener('click', act)
  note.addEventListener('input', () => {
    state.note(note.value)
    drawJudgement()
  })
  reveals.addEventListener('change', drawJudgement)
  document.addEventListener('keydown', (event) => {
    if (event.target === note) {
      if (event.key === 'Escape') note.blur()
      return
    }
    const act = hasKeys.checked && !(event.ctrlKey || event.metaKey || event.altKey) ? KEYS[event.key] : undefined
    if (act === undefined) return
    event.preventDefault()
    if (act === 'note') note.focus()
    else actions[act]!()
  })
  view.hidden = false
  draw()
}

const KEYS: Readonly<Record<string, string | undefined>> = {
  j: 'next',
  ArrowRight: 'next',
  k: 'previous',
  ArrowLeft: 'previous',
  n: 'open',
  e: 'note',
  d: 'download',
  ...Object.fromEntries(VERDICTS.map(({ part, key }) => [key, part])),
}

const sampleParts = ({ task_id, index, prompt, reference, response, answer }: ReviewSample): readonly HTMLElement[] => [
  element('h2', '', `${task_id}, sample ${index}`),
  ...said('Prompt', prompt),
  ...said('Reference', reference ?? ''),
  ...said('Response', response),
  ...said('Answer', answer === response ? '' : (answer ?? '')),
]

const revealed = ({ reward, unscored, why }: ReviewSample): string =>
  `${describeReward(reward)}${unscored === undefined ? '' : `: ${unscored}`}; picked as ${why.join(', ')}`

/** The browser's own store, which may be turned off or full. */
function browserStore(key: string): Store {
  const name = `posttrain-review-${key}`
  return {
    read: () => {
      try {
        return localStorage.getItem(name)
      } catch {
        return undefined
      }
    },
    write: (text) => {
      try {
        localStorage.setItem(name, text)
        return true
      } catch {
        return false
      }
    },
  }
}

function download(text: string): void {
  const link = element('a', '')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }))
  link.download = 'verdicts.jsonl'
  link.click()
}
