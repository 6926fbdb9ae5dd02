import type { Prompt, Sample } from '@posttrain/core'
import type { SearchRun, Wish } from './search-run.js'
import { isWhole } from './step-options.js'

/** A whole completion that a revision or a graph of thoughts goes on from. */
export interface Draft {
  /** Its name in the decision. */
  readonly id: string
  readonly parents: readonly string[]
  /** Its place among the samples of the run. */
  readonly place: number
  readonly sample: Sample
  readonly text: string
}

/** What to draw, from what it comes and what it is called. */
export interface DraftWish extends Pick<Wish, 'prefix'> {
  readonly labels: readonly (string | number)[]
  readonly parents: readonly string[]
  /** Default: the task's. */
  readonly prompt?: Prompt | undefined
  /** Whether it may be answered; a critique may not (default true). */
  readonly isAnswer?: boolean | undefined
}

/** Draws one completion per wish, in one call; `undefined` of one that failed or that a cap left out or cut. */
export async function drawDrafts(
  run: SearchRun,
  wishes: readonly DraftWish[],
): Promise<readonly (Draft | undefined)[]> {
  const lists = await run.draw(
    wishes.map(({ labels, prompt, prefix }) => ({
      labels,
      count: 1,
      ...(prompt === undefined ? {} : { prompt }),
      ...(prefix === undefined ? {} : { prefix }),
    })),
  )
  return lists.map(([drawn], i) => {
    if (!drawn) return undefined
    const { labels, parents, isAnswer = true } = wishes[i]!
    const { sample, place } = drawn
    const isThere = isWhole(drawn, {}, run.options.sampling ?? {}, sample.usage.completionTokens)
    const draft = { id: labels.join('/'), parents, place, sample, text: sample.text }
    recordDraft(run, draft, null, isThere && isAnswer)
    return isThere ? draft : undefined
  })
}

/** Keeps a draft for the decision. */
export function recordDraft(run: SearchRun, draft: Draft, value: number | null, isFinished: boolean = true): void {
  const { id, parents, place } = draft
  run.record({ id, parents, sample: place, value, isFinished })
}

/** Scores drafts, in one call; the best of them, the first of equals. */
export async function bestDraft(
  run: SearchRun,
  drafts: readonly Draft[],
  by: Parameters<SearchRun['judge']>[0],
): Promise<{ readonly draft: Draft; readonly value: number } | undefined> {
  const outcomes = await run.judge(
    by,
    drafts.map(({ sample }) => sample),
  )
  let best: { readonly draft: Draft; readonly value: number } | undefined
  drafts.forEach((draft, i) => {
    const outcome = outcomes[i]!
    const value = outcome.kind === 'scored' ? outcome.reward : null
    recordDraft(run, draft, value)
    if (value !== null && (!best || value > best.value)) best = { draft, value }
  })
  return best
}
