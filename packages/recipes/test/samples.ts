import type { Sample } from '@posttrain/core'

/** Samples of task `t` with these texts. */
export const samplesOf = (texts: readonly string[]): Sample[] =>
  texts.map((text, index) => ({
    id: 't',
    taskId: 't',
    seed: 0,
    index,
    text,
    finish: 'stop',
    usage: { promptTokens: 1, completionTokens: 1 },
  }))
