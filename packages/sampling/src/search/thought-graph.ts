import { requireInteger, requireOneOf, type Prompt, type RewardFunction, type Task } from '@posttrain/core'
import { requireFunctions } from '../checks/require-functions.js'
import { askedPrompt } from './asked-prompt.js'
import { drawDrafts, recordDraft, type Draft } from './draft.js'
import type { SearchRun } from './search-run.js'

/** A step of a graph of thoughts. */
export type ThoughtOperation =
  | {
      /**
       * `generate`: `count` thoughts from each, in its place. `refine`: `count` from each, beside it. `aggregate`:
       * `count` from all together, in their place.
       */
      readonly kind: 'generate' | 'refine' | 'aggregate'
      /**
       * Asks for a thought, of the task without its reference and the thoughts that it comes from: none where nothing
       * is said yet.
       *
       * @param index from 0 to count − 1, for instance which part of the task is to be solved
       */
      readonly prompt: (task: Task, thoughts: readonly string[], index: number) => Prompt
      /** Default 1. */
      readonly count?: number | undefined
    }
  | {
      /** Goes on with the best. */
      readonly kind: 'keep'
      readonly count: number
    }

/** @throws PosttrainError `invalid-argument`, naming the operation */
export function requireOperation(operation: ThoughtOperation, place: number): void {
  const kinds = place === 0 ? (['generate'] as const) : (['generate', 'refine', 'aggregate', 'keep'] as const)
  requireOneOf<string>(`operations[${place}].kind`, operation.kind, kinds)
  if (operation.kind !== 'keep') requireFunctions(`operations[${place}]`, { prompt: operation.prompt })
  requireInteger(`operations[${place}].count`, operation.count ?? 1, { min: 1 })
}

/** Thoughts that the operations draw at most. */
export function mostThoughts(operations: readonly ThoughtOperation[]): number {
  let drawn = 0
  let there = 1
  for (const { kind, count = 1 } of operations) {
    const fresh = kind === 'keep' ? 0 : kind === 'aggregate' ? count : there * count
    drawn += fresh
    there = kind === 'keep' ? Math.min(there, count) : kind === 'refine' ? there + fresh : fresh
  }
  return drawn
}

/** The thoughts of a run, and what they are worth. */
export class ThoughtGraph {
  thoughts: readonly Draft[] = []
  readonly #values = new Map<Draft, number | null>()

  constructor(
    readonly run: SearchRun,
    readonly by: RewardFunction,
  ) {}

  async apply(operation: ThoughtOperation, place: number): Promise<void> {
    const { kind, count = 1 } = operation
    if (kind === 'keep') {
      this.thoughts = (await this.ranked()).slice(0, count).map(({ draft }) => draft)
      return
    }
    const together = place === 0 || (kind === 'aggregate' && this.thoughts.length > 0)
    const sources = together ? [this.thoughts] : this.thoughts.map((thought) => [thought])
    const { run } = this
    const wishes = sources.flatMap((from, i) =>
      Array.from({ length: count }, (_, index) => ({
        labels: [kind, place, i * count + index],
        parents: from.map(({ id }) => id),
        prompt: askedPrompt(`operations[${place}].prompt`, run.where, () =>
          operation.prompt(
            run.task,
            from.map(({ text }) => text),
            index,
          ),
        ),
      })),
    )
    const fresh = (await drawDrafts(run, wishes)).filter((draft) => draft !== undefined)
    this.thoughts = kind === 'refine' ? [...this.thoughts, ...fresh] : fresh
  }

  /** The thoughts that have a value, the best first; among equals the earlier. */
  async ranked(): Promise<readonly { readonly draft: Draft; readonly value: number }[]> {
    const fresh = this.thoughts.filter((draft) => !this.#values.has(draft))
    const outcomes = await this.run.judge(
      this.by,
      fresh.map(({ sample }) => sample),
    )
    fresh.forEach((draft, i) => {
      const outcome = outcomes[i]!
      const value = outcome.kind === 'scored' ? outcome.reward : null
      this.#values.set(draft, value)
      recordDraft(this.run, draft, value)
    })
    return this.thoughts
      .flatMap((draft) => {
        const value = this.#values.get(draft) ?? null
        return value === null ? [] : [{ draft, value }]
      })
      .sort((a, b) => b.value - a.value)
  }
}
