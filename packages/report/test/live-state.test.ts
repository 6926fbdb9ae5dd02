import { applyLiveEvent, liveTable, percent, renderTable, type LiveEvent, type LiveState } from '@posttrain/report'
import { expect, it } from 'vitest'

const state: LiveState = {
  steps: 50,
  charts: [{ key: 'reward', title: 'mean reward', unit: percent }],
  series: [
    { name: 'a', points: [], note: 'waiting' },
    { name: 'b', points: [], note: 'waiting' },
  ],
  status: 'The run goes on.',
  ended: false,
}
const points = (from: number, to: number, reward: number): LiveEvent => ({
  kind: 'points',
  series: 'a',
  from,
  points: Array.from({ length: to - from }, (_, i) => ({ step: from + i, values: { reward } })),
})
const after = (...events: readonly LiveEvent[]): LiveState =>
  events.reduce<LiveState>((before, event) => applyLiveEvent(before, event), state)

it('adds points, and replaces those from a step on where a run went back', () => {
  const went = after(points(0, 4, 0.1), points(4, 6, 0.2), points(3, 5, 0.3))
  expect(went.series[0]!.points.map(({ step, values }) => [step, values['reward']])).toEqual([
    [0, 0.1],
    [1, 0.1],
    [2, 0.1],
    [3, 0.3],
    [4, 0.3],
  ])
  expect(went.series[1]!.points).toEqual([])
  expect(after(points(0, 4, 0.1), points(0, 0, 0)).series[0]!.points).toEqual([])
})

it('keeps what it knows of a series that is not there, and knows nothing before a state', () => {
  expect(after({ kind: 'note', series: 'c', note: 'x' })).toEqual(state)
  expect(applyLiveEvent(undefined, { kind: 'note', series: 'a', note: 'x' })).toBeUndefined()
  expect(applyLiveEvent(undefined, { kind: 'state', state })).toBe(state)
})

it('is a table of the last values', () => {
  const events: LiveEvent[] = [points(0, 25, 0.125), { kind: 'note', series: 'a', note: 'training' }]
  expect(renderTable(liveTable(after(...events), 'variant')).split('\n')).toEqual(
    [
      'variant      step  mean reward  state   ',
      '────────────────────────────────────────',
      'a        25 of 50       12.5 %  training',
      'b                               waiting ',
      '',
    ].map((line) => line.trimEnd()),
  )
})
