import { textPrompt, type Group, type Sample, type ScoredOutcome, type Task } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { correctionData, correctionsOf } from '../../../src/loops/iterate/corrections.js'

const group = (id: string, answers: readonly [string, number][]): Group<ScoredOutcome> => ({
  task: { id, prompt: `${id}?` },
  samples: answers.map(([text], index): Sample => ({
    id,
    taskId: id,
    index,
    seed: 0,
    text,
    tokens: [...text].map((c) => c.charCodeAt(0)),
    finish: 'stop',
    usage: { promptTokens: 1, completionTokens: text.length },
  })),
  outcomes: answers.map(([, reward]) => ({ kind: 'scored', reward })),
})
const format = (task: Task, attempt: string): string => `${textPrompt(task)} ${attempt} – no:`

describe('correction data', () => {
  const groups = [
    group('p', [
      ['A', 0],
      ['B', 1],
      ['C', 0],
      ['D', 1],
      ['E', 0.5],
    ]),
    group('q', [
      ['F', 0],
      ['G', 0],
    ]),
    group('r', [['H', 1]]),
  ]

  it('pairs every wrong attempt with a correct answer to the same task, in turn', () => {
    expect(correctionsOf(groups).map(({ attempt, corrected }) => attempt.text + corrected.text)).toEqual([
      'AB',
      'CD',
      'EB',
    ])
    expect(correctionsOf(groups, 0.5).map(({ attempt, corrected }) => attempt.text + corrected.text)).toEqual([
      'AB',
      'CD',
    ])
  })

  it('puts the attempt into the prompt and the corrected answer into the completion', () => {
    expect(correctionData(correctionsOf(groups), format)).toEqual([
      { prompt: 'p? A – no:', tokens: [66] },
      { prompt: 'p? C – no:', tokens: [68] },
      { prompt: 'p? E – no:', tokens: [66] },
    ])
    expect(() => correctionData(correctionsOf(groups), (task) => textPrompt(task))).toThrow(
      'format leaves the attempt at task p out of the prompt',
    )
  })
})
