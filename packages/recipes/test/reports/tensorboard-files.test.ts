import { expect, it } from 'vitest'
import { readEvents } from '../../../report/test/tensorboard/read-events.js'
import { reportRuns, tensorBoardFiles } from '../../src/index.js'
import { addSession, finishedRun, runsFolder } from '../support/finished-run.js'

it('has every training record, and at the end what was measured with its interval', async () => {
  const choices = { heldOutTasks: 8, samplesPerTask: 8, steps: 3, algorithms: ['mean'] }
  const correct = (variant: string, task: number): number => (variant === 'mean' ? task : 0)
  const path = await finishedRun(runsFolder(), { name: 'run', choices, correct })
  expect([...tensorBoardFiles(path).keys()]).toEqual([
    'checkpoint/events.out.tfevents.0000000000.posttrain',
    'mean/events.out.tfevents.0000000000.posttrain',
  ])
  addSession(path, 5.25)
  const files = tensorBoardFiles(path)
  const time = Date.UTC(2026, 0, 2, 3, 4, 5) / 1000 + 5.25
  expect([...files.keys()]).toEqual([
    'checkpoint/events.out.tfevents.1767323050.posttrain',
    'mean/events.out.tfevents.1767323050.posttrain',
  ])
  const [head, ...events] = readEvents([...files.values()][1]!)
  expect(head).toMatchObject({ fileVersion: 'brain.Event:2', wallTime: time })
  expect(events.map(({ step, wallTime }) => [step, wallTime])).toEqual([0, 1, 2, 3].map((step) => [step, time]))
  expect(events[2]!.scalars).toEqual([
    ['train/reward', Math.fround(0.02)],
    ['train/objective', 0],
    ['train/solved', 0.5],
    ['train/entropy', 1],
    ['train/informative', 1],
    ['train/tokens', 8],
    ['train/gradient_norm', 1],
  ])
  const { estimates } = reportRuns([path]).comparisons[0]!.rows[1]!
  const measured = new Map(events[3]!.scalars)
  expect([...measured.keys()]).toEqual([
    ...['pass@1', 'pass@8']
      .flatMap((metric) => [metric, `${metric} lower`, `${metric} upper`])
      .map((tag) => `held-out/${tag}`),
    'held-out/entropy',
  ])
  expect(measured.get('held-out/pass@1')).toBe(28 / 64)
  expect(measured.get('held-out/pass@1 lower')).toBe(Math.fround(estimates['pass@1']!.interval.lower))
  expect(measured.get('held-out/pass@8 upper')).toBe(Math.fround(estimates['pass@8']!.interval.upper))
})
