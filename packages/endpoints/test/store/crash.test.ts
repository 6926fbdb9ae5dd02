import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { openSampleStore } from '@posttrain/endpoints'
import { newFile } from './folder.js'

const DRAWING = fileURLToPath(new URL('./drawing.mjs', import.meta.url))
const TASKS = 100

/** Draws tasks into a store in a process of its own. @returns what was drawn, and whether all of it was kept */
function draw(
  file: string,
  { first = 0, count = TASKS, killAfter = Infinity } = {},
): Promise<{ drawn: string[]; isDone: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@posttrain/source', DRAWING, file, `${first}`, `${count}`])
    let said = ''
    child.stderr.on('data', (chunk) => (said += `stderr: ${chunk}`))
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.split('\n').length > killAfter) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', () => {
      if (said.includes('stderr:')) reject(new Error(said.slice(said.indexOf('stderr:'))))
      const lines = said.split('\n').slice(0, -1)
      resolve({ drawn: lines.filter((line) => line !== 'done'), isDone: lines.includes('done') })
    })
  })
}

it(
  'killed at ten points, it resumes without losing or repeating a sample that was kept',
  { timeout: 120_000 },
  async () => {
    const file = newFile('samples.db')
    const stream = createStream(5, 'kills')
    let [kept, drawn] = [0, 0]
    for (let kill = 0; kill < 10; kill++) {
      const run = await draw(file, { killAfter: 1 + stream.integer(300) })
      const store = await openSampleStore(file, { sampler: 'test' })
      const { samples } = store.totals()
      // What is drawn again is at most the one that was being kept when the process was killed.
      drawn += run.drawn.length
      expect(samples).toBeGreaterThanOrEqual(kept)
      expect(drawn - samples).toBeLessThanOrEqual(kill + 1)
      kept = samples
      store.close()
    }
    const { isDone } = await draw(file)
    expect(isDone).toBe(true)
    const store = await openSampleStore(file, { sampler: 'test' })
    const texts = [...store.lines()].map((line) => (JSON.parse(line) as { sample: { text: string } }).sample.text)
    expect(texts).toHaveLength(20 * TASKS)
    expect(new Set(texts).size).toBe(20 * TASKS)
    expect((await draw(file)).drawn).toEqual([])
  },
)

it('two processes share a file, and each sample is kept once', { timeout: 60_000 }, async () => {
  const file = newFile('samples.db')
  const halves = await Promise.all([draw(file, { count: 30 }), draw(file, { first: 15, count: 30 })])
  expect(halves.map(({ isDone }) => isDone)).toEqual([true, true])
  const store = await openSampleStore(file, { sampler: 'test' })
  expect(store.totals()).toMatchObject({ samples: 45 * 20, usage: { cost: 450 } })
})
