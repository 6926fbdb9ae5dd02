import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { environmentTable, reportRuns } from '../../src/index.js'
import { addSession, finishedRun, runsFolder } from '../support/finished-run.js'

it('knows the wall time of sessions that ended, and leaves out half a line', async () => {
  const choices = { heldOutTasks: 4, samplesPerTask: 8, steps: 1, algorithms: ['mean'] }
  const path = await finishedRun(runsFolder(), {
    name: 'run',
    choices: { ...choices, algorithms: ['mean'] },
    correct: () => 1,
  })
  expect(environmentTable(reportRuns([path]).runs).rows[0]!.at(-1)).toBe('not known')
  addSession(path, 1.5)
  addSession(path, 2)
  appendFileSync(join(path, 'sessions.jsonl'), '{"version":"0.1')
  const [row] = environmentTable(reportRuns([path]).runs).rows
  expect(row).toEqual([
    'run',
    '0.1.0',
    'v22.0.0',
    'linux x64',
    '2 × CPU',
    'wasm',
    '2026-01-02T03:04:05.000Z',
    '3.5 s in 2 parts',
  ])
})
