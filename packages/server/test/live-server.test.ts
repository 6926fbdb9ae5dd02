import { request } from 'node:http'
import { listen, liveServer, type WebServer } from '@posttrain/server'
import { afterEach, describe, expect, it } from 'vitest'

const closes: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closes.splice(0)) await close()
})

const ask = (server: WebServer, path: string, headers: Readonly<Record<string, string>> = { host: '127.0.0.1:1' }) =>
  server.fetch(new Request(`http://127.0.0.1:1${path}`, { headers }))

async function* two(): AsyncGenerator<object> {
  yield { step: 1 }
  yield { text: 'a\nb' }
}

describe('liveServer', () => {
  it('gives the page, and each that asks all events from the beginning', async () => {
    const server = liveServer({ page: '<p>live', events: two })
    const page = await ask(server, '/')
    expect(await page.text()).toBe('<p>live')
    expect([...page.headers].filter(([name]) => !name.startsWith('content-length'))).toEqual([
      ['cache-control', 'no-store'],
      ['content-type', 'text/html; charset=UTF-8'],
      ['referrer-policy', 'no-referrer'],
      ['x-content-type-options', 'nosniff'],
    ])
    for (const _ of [1, 2]) {
      const response = await ask(server, '/events')
      expect(response.headers.get('content-type')).toBe('text/event-stream')
      expect(await response.text()).toBe('data: {"step":1}\n\ndata: {"text":"a\\nb"}\n\n')
    }
    expect((await ask(server, '/favicon.ico')).status).toBe(204)
    expect((await ask(server, '/etc/passwd')).status).toBe(404)
  })

  it.each(['evil.example', 'evil.example:8765', '127.0.0.1.evil.example', '192.168.0.2', '', 'localhost@evil.example'])(
    'refuses the host %j',
    async (host) => {
      const server = liveServer({ page: '<p>secret', events: two })
      for (const path of ['/', '/events']) {
        const response = await ask(server, path, { host })
        expect(response.status).toBe(403)
        expect(await response.json()).toMatchObject({ error: { code: 'other-host' } })
      }
    },
  )

  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:8765', '[::1]:8765', '[::1]'])('answers to %s', async (host) => {
    expect((await ask(liveServer({ page: '', events: two }), '/', { host })).status).toBe(200)
  })

  it('says why a stream failed, where the status has been sent', async () => {
    const failing = {
      // eslint-disable-next-line require-yield
      async *events(): AsyncGenerator<object> {
        throw new Error('the disk is gone')
      },
    }
    const response = await ask(liveServer({ page: '', ...failing }), '/events')
    expect(await response.text()).toMatch(
      /^event: failure\ndata: \{"error":\{"code":"defect","message":"the disk is gone"/,
    )
  })

  it('tells the source when its page is gone or it closes, and ends all streams then', async () => {
    const signals: AbortSignal[] = []
    async function* events(signal: AbortSignal): AsyncGenerator<object> {
      signals.push(signal)
      yield { step: 1 }
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }
    const { url, close } = await listen(liveServer({ page: '', events: events as never }), { port: 0 })
    closes.push(close)
    const open = (): Promise<{ destroy: () => void; ended: Promise<void> }> =>
      new Promise((resolve, reject) => {
        const asked = request(`${url}/events`, (response) => {
          const ended = new Promise<void>((end) => response.on('close', end))
          response.once('data', () => resolve({ destroy: () => asked.destroy(), ended }))
        })
        asked.on('error', reject)
        asked.end()
      })
    const [first, second] = [await open(), await open()]
    first.destroy()
    await expect.poll(() => signals.map(({ aborted }) => aborted)).toEqual([true, false])
    await close()
    await second.ended
    expect(signals[1]!.aborted).toBe(true)
  })
})
