import { rmSync } from 'node:fs'
import type { LiveEvent, LiveState } from '@posttrain/report'
import { describe, expect, it } from 'vitest'
import { followRun, runState } from '../../src/index.js'
import { RunFolder } from '../../src/run/run-folder.js'
import { RunWatcher } from '../../src/watch/run-watcher.js'
import { beginRun, finishedRun, recordOf, runsFolder } from '../support/finished-run.js'

const found = {
  name: 'run',
  choices: { heldOutTasks: 2, samplesPerTask: 4, steps: 6, algorithms: ['mean'] },
  correct: () => 1,
}
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const records = (to: number) => Array.from({ length: to }, (_, step) => recordOf('mean', step))
const stepsOf = ({ series }: LiveState): number[] => series[1]!.points.map(({ step }) => step)
const notesOf = ({ series }: LiveState): string[] => series.map(({ note }) => note)

describe('a run that is watched', () => {
  it('shows what is saved as it comes, through a stop and a resume that went back, to its end', async () => {
    const root = runsFolder()
    const { folder } = await beginRun(root, found)
    const watcher = new RunWatcher(folder.path)
    watcher.look()
    expect(watcher.state).toMatchObject({ steps: 6, status: 'The run goes on.', ended: false })
    expect(notesOf(watcher.state)).toEqual(['waiting', 'waiting'])
    expect(watcher.look()).toEqual([])

    const work = folder.workOf('mean')
    folder.workOf('checkpoint').saveMeasured({ samples: bytes('samples\n'), checkpoint: undefined })
    work.saveState(2, records(2), bytes('two'))
    work.saveState(4, records(4), bytes('four'))
    expect(watcher.look().map(({ kind }) => kind)).toEqual(['note', 'note', 'note', 'points', 'note', 'points', 'note'])
    expect(stepsOf(watcher.state)).toEqual([0, 1, 2, 3])
    expect(watcher.state.series[1]!.points[3]).toEqual({
      step: 3,
      values: { reward: 0.03, solved: 0.5, entropy: 1, informative: 1 },
    })
    expect(notesOf(watcher.state)).toEqual(['measured', 'training'])

    folder.release()
    expect(watcher.look()).toEqual([
      {
        kind: 'status',
        status: `Nobody is at the run; continue it with: posttrain run game24 --resume ${folder.path}`,
        ended: false,
      },
    ])
    const resumed = (await RunFolder.open(folder.path)) as RunFolder
    // The newest state is of no use: it goes on from step 2, and makes one step of another reward.
    const again = resumed.workOf('mean')
    again.dropState(again.states[0]!)
    const other = { ...recordOf('mean', 2), reward: 0.9 }
    again.saveState(3, [...records(2), other], bytes('three'))
    watcher.look()
    expect(watcher.state.status).toBe('The run goes on.')
    expect(watcher.state.series[1]!.points.map(({ values }) => values['reward'])).toEqual([0, 0.01, 0.9])
    resumed.release()

    rmSync(folder.path, { recursive: true })
    await finishedRun(root, found)
    watcher.look()
    expect(watcher.state).toMatchObject({
      status: `The run is finished; its report is ${folder.path}/report.html`,
      ended: true,
    })
    expect(stepsOf(watcher.state)).toEqual([0, 1, 2, 3, 4, 5])
    expect(notesOf(watcher.state)).toEqual(['measured', 'measured'])
  })

  it('begins again where the work of a variant was removed', async () => {
    const { folder } = await beginRun(runsFolder(), found)
    folder.workOf('mean').saveState(4, records(4), bytes('four'))
    const watcher = new RunWatcher(folder.path)
    watcher.look()
    rmSync(`${folder.path}/work/mean`, { recursive: true })
    folder.workOf('mean').saveState(1, records(1), bytes('one'))
    watcher.look()
    expect(stepsOf(watcher.state)).toEqual([0])
    folder.release()
  })

  it('is followed to its end, which comes at once where it is finished', async () => {
    const path = await finishedRun(runsFolder(), found)
    const events: LiveEvent[] = []
    for await (const event of followRun(path)) events.push(event)
    expect(events).toEqual([{ kind: 'state', state: runState(path) }])
    expect(runState(path)).toMatchObject({ ended: true, steps: 6 })
    expect(stepsOf(runState(path))).toEqual([0, 1, 2, 3, 4, 5])
    expect(() => runState(`${path}/work`)).toThrow('is no run folder')
  })

  it('is followed no more after the signal', async () => {
    const { folder } = await beginRun(runsFolder(), found)
    const controller = new AbortController()
    const kinds: string[] = []
    for await (const { kind } of followRun(folder.path, { signal: controller.signal, every: 0.01 })) {
      kinds.push(kind)
      controller.abort()
    }
    expect(kinds).toEqual(['state'])
    folder.release()
  })
})
