import type { Group, Outcome } from '@posttrain/core'
import { sampleOf } from '../sample.js'

/** A sample as a test writes it: its text, its reward (null: unscored), and what else was found out. */
export interface Judged {
  readonly text?: string
  readonly reward: number | null
  readonly answer?: string
  readonly parts?: Readonly<Record<string, number | null>>
  readonly failed?: true
}

/** A group of a task. */
export const groupOf = (id: string, judged: readonly Judged[], reference?: string): Group => ({
  task: { id, prompt: `prompt of ${id}`, ...(reference !== undefined && { reference }) },
  samples: judged.map(({ text = '', failed }, index) => ({
    ...sampleOf(text, index),
    id,
    taskId: id,
    finish: failed ? 'failed' : 'stop',
  })),
  outcomes: judged.map(({ reward, answer, parts }): Outcome => {
    const judgement = { ...(answer !== undefined && { answer }), ...(parts && { parts }) }
    return reward === null
      ? { kind: 'unscored', reason: 'timeout', ...judgement }
      : { kind: 'scored', reward, ...judgement }
  }),
})
