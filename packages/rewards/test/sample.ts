import type { Sample } from '@posttrain/core'

/** The index-th sample of task `t`. */
export const sampleOf = (text: string, index = 0): Sample => ({
  id: 't',
  taskId: 't',
  seed: 0,
  index,
  text,
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
})
