import { readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import type { RunsReport } from '@posttrain/recipes'
import { beforeAll, describe, expect, it } from 'vitest'
import { finishedRun, runsFolder } from '../../recipes/test/support/finished-run.js'
import { readEvents } from '../../report/test/tensorboard/read-events.js'
import { posttrainHere } from './in-process.js'

const correct = (variant: string, task: number): number => (variant === 'mean' ? 3 : 1) * (task % 3)
const root = runsFolder()
const runs: string[] = []

beforeAll(async () => {
  for (const seed of [0, 1, 2]) {
    const choices = { heldOutTasks: 32, samplesPerTask: 8, steps: 3, seed, algorithms: ['mean'] }
    runs.push(await finishedRun(root, { name: `seed-${seed}`, choices, correct }))
  }
})

describe('posttrain report', () => {
  it('prints what runs show with the figures, and writes the page', async () => {
    const out = join(root, 'report.html')
    const { status, stdout, stderr } = await posttrainHere(['report', ...runs, '--out', out])
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    // 21 tasks of 32 have a task number that 3 does not divide: 11 with 1 and 10 with 2 right of 8 before, thrice as many after.
    expect(stdout).toContain('pass@1: trained for mean has the most, 36.3 %')
    expect(stdout).toMatch(/credibly more than before training \(\+24\.2 pp \[\+\d+\.\d, \+\d+\.\d\], p = /)
    expect(stdout).toMatch(/trained for mean, mean of 3 seeds +36\.3 %/)
    expect(stdout).toContain('student-t over 3 seeds and the tasks')
    expect(stdout).toMatch(/seed-0 +not known/)
    const page = readFileSync(out, 'utf8')
    expect(page).toContain('<h1>Game of 24: 3 runs</h1>')
    expect(page.match(/<svg /g)).toHaveLength(5)
  })

  it('says the same in JSON', async () => {
    const { stdout } = await posttrainHere(['report', ...runs, '--json'])
    const { comparisons } = JSON.parse(stdout) as RunsReport
    expect(comparisons[0]!.rows[1]).toMatchObject({ seeds: [0, 1, 2], estimates: { 'pass@1': { value: 93 / 256 } } })
    expect(comparisons[0]!.differences[0]).toMatchObject({ metric: 'pass@1', difference: 62 / 256, verdict: 'better' })
  })

  it('tells on standard error what to mind', async () => {
    const { status, stderr } = await posttrainHere(['report', ...runs.slice(0, 2)])
    expect(status).toBe(0)
    expect(stderr).toContain('Two seeds say little of others')
  })

  it('writes TensorBoard event files, a folder for each run and variant', async () => {
    const logs = join(root, 'logs')
    expect((await posttrainHere(['report', ...runs, '--tensorboard', logs, '--json'])).status).toBe(0)
    expect(readdirSync(logs).sort()).toEqual(['seed-0', 'seed-1', 'seed-2'])
    const file = join(logs, 'seed-1/mean/events.out.tfevents.0000000000.posttrain')
    const events = readEvents(readFileSync(file))
    expect(events.map(({ step }) => step)).toEqual([0, 0, 1, 2, 3])
    expect(new Map(events[4]!.scalars).get('held-out/pass@1')).toBe(93 / 256)
    const inside = await posttrainHere(['report', ...runs, '--tensorboard', runs[0]!])
    expect(inside).toMatchObject({ status: 2, stdout: '' })
    expect(inside.stderr).toContain('choose another --tensorboard')
    expect(readdirSync(runs[0]!)).not.toContain('seed-0')
    const none = await posttrainHere(['report', ...runs, '--tensorboard', '/dev/null/logs'])
    expect(none.stderr).toMatch(/cannot make \/dev\/null\/logs/)
  })

  it('never writes into the folder of a run, and refuses what is no run', async () => {
    const own = join(runs[0]!, 'report.html')
    const before = readFileSync(own, 'utf8')
    const inside = await posttrainHere(['report', ...runs, '--out', own])
    expect(inside).toMatchObject({ status: 2, stdout: '' })
    expect(inside.stderr).toContain(`is in the folder of the run seed-0`)
    symlinkSync(runs[0]!, join(root, 'link'))
    expect((await posttrainHere(['report', ...runs, '--out', join(root, 'link/report.html')])).status).toBe(2)
    symlinkSync(own, join(root, 'link.html'))
    expect((await posttrainHere(['report', ...runs, '--out', join(root, 'link.html')])).status).toBe(2)
    expect(readFileSync(own, 'utf8')).toBe(before)
    const none = await posttrainHere(['report', root])
    expect(none.stderr).toContain('is no run folder: it has no config.json')
    expect(none.stderr).toContain('give the command the folder of an earlier run')
  })
})
