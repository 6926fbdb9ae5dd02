import type { Sample, ScoredOutcome } from '@posttrain/core'
import type { Advantage, AdvantageInput } from '../../src/advantages/advantage-estimator.js'

/** A sample of so many chosen tokens. */
export const sampleOf = (length: number): Sample => ({
  id: 'x',
  taskId: 'x',
  index: 0,
  seed: 0,
  text: '',
  tokens: new Array<number>(length).fill(0),
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: length },
})

/** A group from lengths and rewards. */
export const groupOf = (members: readonly (readonly [length: number, reward: number])[]): AdvantageInput => ({
  task: { id: 'x', prompt: 'x' },
  samples: members.map(([length]) => sampleOf(length)),
  outcomes: members.map(([, reward]): ScoredOutcome => ({ kind: 'scored', reward })),
})

/** Advantages by token, sample after sample. */
export const flat = (advantages: readonly Advantage[]): number[] => advantages.flatMap((a) => [...(a as Float64Array)])
