import { expect, it } from 'vitest'
import { encodeTasks } from '../src/encode-tasks.js'

it('holds each distinct text once, and no text as the first', () => {
  const samples = [
    { completion: '4', verdict: 'correct', reward: 1, label: 'mean' },
    { completion: '5', verdict: 'wrong', reward: 0, label: 'mean', answer: '5' },
  ]
  expect(
    encodeTasks([
      { id: 'a', prompt: '2+2', samples },
      { id: 'b', samples: [{ completion: '', verdict: '?' }] },
    ]),
  ).toEqual({
    texts: ['', 'a', 'b', '2+2', 'mean', 'correct', 'wrong', '?', '5', '4'],
    tasks: { id: [1, 2], prompt: [3, 0], reference: [0, 0], starts: [0, 2, 3] },
    samples: {
      label: [4, 4, 0],
      verdict: [5, 6, 7],
      answer: [0, 8, 0],
      completion: [9, 8, 0],
      reward: [1, 0, null],
    },
  })
})

it('refuses a reward that is not finite', () => {
  const samples = [{ completion: '', verdict: '', reward: NaN }]
  expect(() => encodeTasks([{ id: 'a', samples }])).toThrow('reward of a sample must be a finite number, but is NaN')
})
