import { cpSync, renameSync, rmSync } from 'node:fs'
import type { LiveEvent } from '@posttrain/report'
import { describe, expect, it } from 'vitest'
import { beginRun, finishedRun, recordOf, runsFolder } from '../../recipes/test/support/finished-run.js'
import { posttrainHere } from './in-process.js'
import { serve } from './served.js'

const found = {
  name: 'run',
  choices: { heldOutTasks: 2, samplesPerTask: 4, steps: 50, algorithms: ['mean'] },
  correct: () => 1,
}
const records = (to: number) => Array.from({ length: to }, (_, step) => recordOf('mean', step))
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('posttrain watch', () => {
  it('serves a page that is told what comes, and ends when the run is finished', async () => {
    const root = runsFolder()
    const { folder } = await beginRun(root, found)
    folder.workOf('mean').saveState(25, records(25), bytes('a'))
    const { url, ended, get } = await serve(['watch', folder.path])
    const page = await get('/')
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<h1>The run run</h1>')
    const stream = await get('/events')
    let text = ''
    const events = (): LiveEvent[] =>
      [...text.matchAll(/^data: (.*)\n\n/gm)].map(([, json]) => JSON.parse(json!) as LiveEvent)
    const read = (async () => {
      const decoder = new TextDecoder()
      for await (const chunk of stream.body!) text += decoder.decode(chunk, { stream: true })
    })()
    await expect.poll(() => events().length).toBe(1)
    const [first] = events()
    const points = first!.kind === 'state' ? first!.state.series[1]!.points : []
    expect(points.map(({ step }) => step)).toEqual(records(25).map(({ step }) => step))

    folder.workOf('mean').saveState(50, records(50), bytes('b'))
    await expect.poll(() => events().length, { timeout: 5000 }).toBe(3)
    expect(events()[1]).toMatchObject({ kind: 'points', series: 'trained for mean', from: 25 })

    folder.release()
    await finishedRun(root, { ...found, name: 'done' })
    // As a run does: all files, then the manifest, then no work any more.
    renameSync(`${root}/done/manifest.json`, `${root}/manifest.json`)
    cpSync(`${root}/done`, folder.path, { recursive: true })
    renameSync(`${root}/manifest.json`, `${folder.path}/manifest.json`)
    rmSync(`${folder.path}/work`, { recursive: true })
    await read
    expect(events().at(-1)).toEqual({
      kind: 'status',
      status: `The run is finished; its report is ${folder.path}/report.html`,
      ended: true,
    })
    const { status, stderr } = await ended
    expect(status).toBe(0)
    expect(stderr).toContain(`The run is finished; its report is ${folder.path}/report.html`)
    await expect(fetch(url)).rejects.toThrow()
  })

  it('ends at Ctrl-C, and leaves the run alone', async () => {
    const { folder } = await beginRun(runsFolder(), found)
    const { child, ended, get } = await serve(['watch', folder.path])
    const stream = await get('/events')
    child.kill('SIGINT')
    expect(await stream.text()).toContain('"kind":"state"')
    expect(await ended).toMatchObject({ status: 0, stderr: '\nstopping; the run goes on\n' })
    folder.release()
  })

  it('prints how far a run is with --once, and at once where it is finished', async () => {
    const root = runsFolder()
    const { folder } = await beginRun(root, found)
    folder.workOf('mean').saveState(25, records(25), bytes('a'))
    const { status, stdout } = await posttrainHere(['watch', folder.path, '--once'])
    expect(status).toBe(0)
    expect(stdout).toMatch(/trained for mean +25 of 50 +24\.0 % +50\.0 % +1\.000 nats +100\.0 % +training/)
    expect(stdout).toMatch(/before training +waiting/)
    expect(stdout).toContain('The run goes on.')
    folder.release()
    expect((await posttrainHere(['watch', folder.path, '--once'])).stdout).toContain(
      'Nobody is at the run; continue it with',
    )
    const done = await finishedRun(root, { ...found, name: 'done' })
    expect((await posttrainHere(['watch', done])).stdout).toMatch(/50 of 50 +49\.0 %[^]*The run is finished/)
  })

  it('refuses what is no run', async () => {
    const { status, stderr } = await posttrainHere(['watch', runsFolder()])
    expect(status).toBe(2)
    expect(stderr).toContain('is no run folder: it has no config.json')
  })
})
