import {
  callCallerNow,
  described,
  invalidData,
  requireInteger,
  type Procedure,
  type Prompt,
  type Task,
} from '@posttrain/core'
import { requireFunctions } from '../checks/require-functions.js'
import { askedPrompt } from './asked-prompt.js'
import { drawDrafts, type Draft } from './draft.js'
import { SearchRun } from './search-run.js'

/** Drafts that the model itself criticises and revises. */
export interface SelfRefineOptions {
  /** Asks what is wrong with a draft, of the task without its reference. */
  readonly critique: (task: Task, draft: string) => Prompt
  /** The stop rule: whether the critique finds the draft good enough. */
  readonly accept: (critique: string, draft: string) => boolean
  /** Asks for the next draft. */
  readonly revise: (task: Task, draft: string, critique: string) => Prompt
  /** Drafts, at most. */
  readonly atMost: number
}

/**
 * Self-refine (Madaan et al. 2023, https://arxiv.org/abs/2303.17651): the task's prompt asks for a draft, and the
 * model criticises and revises it until the critique is accepted or a revision repeats an earlier draft, word for
 * word. It answers with that draft, otherwise with the last one. Where a critique or a revision cannot be had, it
 * answers with the draft before.
 *
 * It draws at most 2 · atMost samples: each draft and its critique. Under a floor of the budget rules it goes on, and
 * answers with the draft that was accepted first.
 *
 * @returns a procedure named `self-refine:ATMOST`
 * @throws PosttrainError `invalid-argument` for an `atMost` that is no positive integer, or what is no function
 * @example
 * ```ts
 * const refine = selfRefine({
 *   critique: ({ prompt }, draft) => `${String(prompt)}\n${draft}\nWhat is wrong? Say "nothing" if nothing is.`,
 *   accept: (critique) => critique.trim() === 'nothing',
 *   revise: ({ prompt }, draft, critique) => `${String(prompt)}\n${draft}\n${critique}\nWrite it again.`,
 *   atMost: 4,
 * })
 * refine.name // => 'self-refine:4'
 * ```
 */
export function selfRefine(options: SelfRefineOptions): Procedure {
  const { critique, accept, revise, atMost } = options
  requireInteger('atMost', atMost, { min: 1 })
  requireFunctions('selfRefine', { critique, accept, revise })
  return {
    name: `self-refine:${atMost}`,
    async run(sampler, task, given = {}) {
      const run = new SearchRun(sampler, task, 2 * atMost, given)
      const drafts: Draft[] = []
      let chosen: { readonly draft: Draft; readonly why: string } | undefined
      let prompt: Prompt | undefined
      for (let i = 0; i < atMost; i++) {
        const parents = drafts.slice(-1).map(() => `critique/${i - 1}`)
        const [draft] = await drawDrafts(run, [{ labels: ['draft', i], parents, prompt }])
        if (!draft) break
        const before = drafts.findIndex(({ text }) => text === draft.text)
        drafts.push(draft)
        if (before >= 0) chosen ??= { draft, why: `draft ${i} repeats draft ${before}` }
        if (chosen && run.mayStop) break
        const asked = askedPrompt('critique', run.where, () => critique(run.task, draft.text))
        const labels = ['critique', i]
        const [said] = await drawDrafts(run, [{ labels, parents: [draft.id], prompt: asked, isAnswer: false }])
        if (!said) break
        if (accepts(options, said.text, draft.text, run.where)) chosen ??= { draft, why: `draft ${i} was accepted` }
        if (chosen && run.mayStop) break
        if (i + 1 < atMost) prompt = askedPrompt('revise', run.where, () => revise(run.task, draft.text, said.text))
      }
      if (chosen) return run.decide(chosen.draft.sample, chosen.why, run.mayStop ? 'decided' : 'complete')
      const last = drafts.at(-1)
      return run.decide(last?.sample, last ? `none of ${drafts.length} drafts was accepted` : 'there is no draft')
    },
  }
}

function accepts({ accept }: SelfRefineOptions, critique: string, draft: string, where: string): boolean {
  const given: unknown = callCallerNow('accept', where, () => accept(critique, draft))
  if (typeof given === 'boolean') return given
  throw invalidData(`accept gave ${described(given)} ${where}`, 'say true or false')
}
