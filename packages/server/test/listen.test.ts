import { request } from 'node:http'
import { PosttrainError } from '@posttrain/core'
import { listen } from '@posttrain/server'
import { afterEach, describe, expect, it } from 'vitest'
import { get, held, served } from './served.js'

const open: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})
async function listening(server: ReturnType<typeof served>): Promise<string> {
  const { url, close } = await listen(server, { port: 0 })
  open.push(close)
  return url
}
const asked = (url: string, response: string, signal?: AbortSignal): Promise<Response> =>
  fetch(`${url}/reward`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response, label: '4' }),
    signal: signal ?? null,
  })

describe('listen', () => {
  it('answers on this machine alone, over connections that stay', async () => {
    const url = await listening(served())
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await asked(url, '4')).json()).toEqual({ reward: 1 })
    expect(await (await asked(url, '5')).json()).toEqual({ reward: 0 })
  })

  it('says that a port is taken, and that an address is not of this machine', async () => {
    const port = Number(new URL(await listening(served())).port)
    const failed = (options: object): Promise<unknown> => listen(served(), options).catch((error: unknown) => error)
    expect(await failed({ port })).toMatchObject({
      code: 'machine-failed',
      message: expect.stringMatching(`^cannot listen on 127.0.0.1:${port}: `),
      hint: 'choose another port or host',
    })
    expect(await failed({ host: '192.0.2.1', port: 0 })).toBeInstanceOf(PosttrainError)
    expect(await failed({ port: 65_536 })).toMatchObject({ code: 'invalid-argument' })
  })

  it('gives the places of a client that leaves to others', async () => {
    const { reward, asked: begun, release } = held()
    const server = served({ reward, concurrency: 1, queue: 1 })
    const url = await listening(server)
    const health = async (): Promise<unknown> => JSON.parse(await get(server, '/health'))
    const leaving = [new AbortController(), new AbortController()] as const
    const judged = asked(url, 'a', leaving[0].signal)
    await expect.poll(() => begun).toEqual(['a'])
    const waits = asked(url, 'b', leaving[1].signal)
    await expect.poll(health).toMatchObject({ running: 1, waiting: 1 })
    leaving[1].abort()
    await expect(waits).rejects.toThrow('aborted')
    await expect.poll(health).toMatchObject({ running: 1, waiting: 0 })
    leaving[0].abort()
    await expect(judged).rejects.toThrow('aborted')
    await expect.poll(health).toMatchObject({ running: 0, waiting: 0 })
    release()
    expect(await (await asked(url, 'cc')).json()).toEqual({ reward: 2 })
    expect(begun).toEqual(['a', 'cc'])
  })

  it('tells one address from another', async () => {
    const { reward, asked: begun, release } = held()
    const url = await listening(served({ reward, perClient: 1 }))
    const first = asked(url, 'a')
    await expect.poll(() => begun).toEqual(['a'])
    expect((await asked(url, 'b')).status).toBe(429)
    const other = new Promise<number | undefined>((resolve, reject) => {
      const headers = { 'content-type': 'application/json' }
      const options = { method: 'POST', headers, localAddress: '127.0.0.2' }
      const sent = request(`${url}/reward`, options, ({ statusCode }) => resolve(statusCode)).on('error', reject)
      sent.end(JSON.stringify({ response: 'c', label: '4' }))
    })
    await expect.poll(() => begun).toEqual(['a', 'c'])
    release()
    expect((await first).status).toBe(200)
    expect(await other).toBe(200)
  })

  it('answers what it took before it lets the port go', async () => {
    const { reward, asked: begun, release } = held()
    const { url, close } = await listen(served({ reward }), { port: 0 })
    const taken = asked(url, 'abc')
    await expect.poll(() => begun).toEqual(['abc'])
    const closed = close()
    await expect(asked(url, 'd')).rejects.toThrow()
    release()
    expect(await (await taken).json()).toEqual({ reward: 3 })
    await closed
    await expect(asked(url, 'e')).rejects.toThrow()
  })
})
