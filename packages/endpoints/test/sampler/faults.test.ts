import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import { endpointSampler, openSampleStore } from '@posttrain/endpoints'
import { collect } from '@posttrain/sampling'
import { newFile } from '../store/folder.js'
import { faultyServer } from './faulty-server.js'

const DRAWING = fileURLToPath(new URL('./drawing.mjs', import.meta.url))
const requests = Array.from({ length: 100 }, (_, i) => ({
  task: { id: `t${i}`, prompt: `say ${i}` },
  count: 20,
  seed: 3,
}))

it.each(['vllm', 'any'] as const)(
  '2,000 samples come exactly once, and are those of a server without faults, though a fifth of its answers fail: %s',
  { timeout: 120_000 },
  async (abilities) => {
    const [good, bad] = [await faultyServer(0, 1), await faultyServer(0.2, 2)]
    const options = { model: 'm', abilities, timeout: 0.5, attempts: 12, concurrency: 64 }
    const expected = await collect(endpointSampler({ ...options, url: good.url }), requests)
    const samples = await collect(endpointSampler({ ...options, url: bad.url }), requests)
    expect(samples.flat()).toHaveLength(2000)
    expect(samples.flat().map(({ finish }) => finish === 'failed')).not.toContain(true)
    expect(samples.map((group) => group.map(({ text }) => text))).toEqual(
      expected.map((group) => group.map(({ text }) => text)),
    )
    const { whole, ...faults } = bad.answers
    for (const count of Object.values(faults)) expect(count).toBeGreaterThan(0)
    expect(whole).toBeGreaterThan(100)
    await Promise.all([good.close(), bad.close()])
  },
)

/** Draws in a process of its own, which may be killed after so many samples. */
function draw(file: string, url: string, killAfter = Infinity): Promise<{ isDone: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@posttrain/source', DRAWING, file, url])
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
      if (said.split('\n').length > killAfter) child.kill('SIGKILL')
    })
    child.stderr.on('data', (chunk) => reject(new Error(String(chunk))))
    child.on('error', reject)
    child.on('close', () => resolve({ isDone: said.includes('done') }))
  })
}

it(
  'killed at ten points, a run on such a server ends with the store of one that was left alone',
  { timeout: 240_000 },
  async () => {
    const server = await faultyServer(0.2, 4)
    const [killed, alone] = [newFile('killed.db'), newFile('alone.db')]
    const stream = createStream(6, 'kills')
    for (let kill = 0; kill < 10; kill++) await draw(killed, server.url, 1 + 180 * kill + stream.integer(180))
    expect(await draw(killed, server.url)).toEqual({ isDone: true })
    expect(await draw(alone, server.url)).toEqual({ isDone: true })
    const linesOf = async (file: string): Promise<readonly string[]> => {
      const store = await openSampleStore(file, { sampler: 'm' })
      // Whoever asks again for what is missing reads the prompt again.
      return [...store.lines()].map((line) => line.replace(/"promptTokens":\d+/, '')).sort()
    }
    const lines = await linesOf(killed)
    expect(lines).toHaveLength(2000)
    expect(lines).toEqual(await linesOf(alone))
    await server.close()
  },
)
