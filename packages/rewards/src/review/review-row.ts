import { NO_USAGE, type Group, type Outcome, type Prompt, type Sample, type Task } from '@posttrain/core'

/**
 * Why a person should look at a sample. `contradiction`: another sample of the task gives the same answer and got the
 * other verdict. `disagreement`: a second verdict differs. `signs`: it bears signs of being after the verdict.
 * `suspected hack`: its answer is rewarded on more tasks than can have it. `near the threshold`: a little less or more
 * and the verdict were the other. `unscored`: it has no verdict. `control`: drawn at random among all that were not
 * picked.
 */
export type ReviewReason =
  'contradiction' | 'disagreement' | 'signs' | 'suspected hack' | 'near the threshold' | 'unscored' | 'control'

/** A sample for a person to look at, as a row of JSON Lines. */
export interface ReviewRow {
  readonly task_id: string
  /** Of the sample within its task. */
  readonly index: number
  readonly prompt: Prompt
  readonly response: string
  readonly reference: string | null
  /** null: unscored, for the reason in `unscored`. */
  readonly reward: number | null
  readonly unscored?: string | undefined
  readonly answer: string | null
  readonly parts?: Readonly<Record<string, number | null>> | undefined
  readonly why: readonly ReviewReason[]
  /** Samples that it stands for: 1 for one that was picked; for a control, those not picked over those drawn. */
  readonly weight: number
}

/** A row with what a person said of it. */
export interface ReviewedRow extends ReviewRow {
  /** 1 right, 0 wrong, null cannot tell; absent: not looked at yet. */
  readonly gold?: 0 | 1 | null | undefined
  readonly note?: string | undefined
}

/**
 * A sample as a row.
 *
 * @param picked why it is looked at, and how many samples it stands for
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 3, text: '2', finish: 'stop', usage: NO_USAGE } as const
 * const row = reviewRow({ id: 'a', prompt: '1+1=' }, sample, { kind: 'scored', reward: 1 }, { why: [], weight: 1 })
 * row.index // => 3
 * row.reward // => 1
 * ```
 */
export function reviewRow(
  { prompt, id, reference }: Task,
  sample: Sample,
  outcome: Outcome,
  picked: Pick<ReviewRow, 'why' | 'weight'>,
): ReviewRow {
  return {
    task_id: id,
    index: sample.index,
    prompt: sample.prompt ?? prompt,
    response: sample.text,
    reference: reference ?? null,
    reward: outcome.kind === 'scored' ? outcome.reward : null,
    ...(outcome.kind === 'unscored' && { unscored: outcome.reason }),
    answer: outcome.answer ?? null,
    ...(outcome.parts && { parts: outcome.parts }),
    ...picked,
  }
}

/**
 * Rows with a person's verdicts as groups, with the verdict in the part `gold`, for whatever reads groups:
 * `rewardDisagreement(groups, { truth: 'gold' })`, or `calibrationOf` on rewards and golds.
 *
 * These are samples that were picked: a rate over them is not one of the samples they were picked from. That is what
 * `summariseReview` gives.
 *
 * @returns one group per task, in the order of first appearance
 * @example
 * ```ts
 * const row = { task_id: 'a', index: 3, prompt: '1+1=', response: '2', reference: '2', reward: 1, answer: '2' }
 * const [group] = groupsOfReview([{ ...row, why: ['control'], weight: 4, gold: 1 }])
 * group.outcomes // => [{ kind: 'scored', reward: 1, answer: '2', parts: { gold: 1 } }]
 * ```
 */
export function groupsOfReview(rows: Iterable<ReviewedRow>): readonly Group[] {
  const groups = new Map<string, OpenGroup>()
  for (const row of rows) {
    const { task_id: id, prompt, reference, index, response: text } = row
    const task = { id, prompt, ...(reference !== null && { reference }) }
    const group: OpenGroup = groups.get(id) ?? { task, samples: [], outcomes: [] }
    groups.set(id, group)
    group.samples.push({ id, taskId: id, index, seed: 0, text, finish: 'stop', usage: NO_USAGE })
    group.outcomes.push(outcomeOf(row))
  }
  return [...groups.values()]
}

/** A group that is being read. */
interface OpenGroup {
  readonly task: Task
  readonly samples: Sample[]
  readonly outcomes: Outcome[]
}

function outcomeOf({ reward, answer, parts, unscored = 'it has no score', gold }: ReviewedRow): Outcome {
  const judgement = { ...(answer !== null && { answer }), parts: { ...parts, gold: gold ?? null } }
  return reward === null
    ? { kind: 'unscored', reason: unscored, ...judgement }
    : { kind: 'scored', reward, ...judgement }
}
