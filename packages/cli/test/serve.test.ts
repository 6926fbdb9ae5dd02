import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder } from './posttrain.js'
import { serve } from './served.js'

/** A module whose reward takes a second and is the length of the response. */
const SLOW = `export default {
  name: 'slow',
  async score(task, samples) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return samples.map(({ text }) => ({ kind: 'scored', reward: text.length }))
  },
}`

describe('posttrain serve rewards', () => {
  it('judges by a verifier, and runs programs where it judges programs', { timeout: 120_000 }, async () => {
    const { url, child, ended, post } = await serve(['serve', 'rewards', '--reward', 'python'])
    const samples = [
      { response: 'twice = lambda n: 2 * n', reference: ['assert twice(2) == 4', 'assert twice(3) == 6'] },
      { response: 'twice = lambda n: n', reference: 'assert twice(2) == 4' },
    ]
    expect(await (await post('/score', { samples })).json()).toMatchObject({ outcomes: [{ reward: 1 }, { reward: 0 }] })
    const program = { language: 'python', code: 'print(int(input()) * 2)', stdin: '21\n' }
    expect(await (await post('/run_code', program)).json()).toMatchObject({
      status: 'Success',
      run_result: { status: 'Finished', return_code: 0, stdout: '42\n' },
    })
    expect((await fetch(`${url}/metrics`)).status).toBe(401)
    child.kill('SIGTERM')
    const { status, stderr } = await ended
    expect(status).toBe(0)
    expect(stderr).toContain('note: /metrics was answered 401: the request has no token')
    expect(stderr).not.toContain('secret')
  })

  it('answers what it took when it is stopped', { timeout: 60_000 }, async () => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'slow.mjs'), SLOW)
    const { url, child, ended, post } = await serve(['serve', 'rewards', '--reward', './slow.mjs'], cwd)
    const answer = post('/reward', { prompt: '', response: 'four', label: '' })
    await expect.poll(async () => (await fetch(`${url}/health`)).json()).toMatchObject({ reward: 'slow', running: 1 })
    child.kill('SIGINT')
    expect(await (await answer).json()).toEqual({ reward: 4 })
    expect((await ended).status).toBe(0)
  })

  it('ends with 2 at a port that is taken', { timeout: 60_000 }, async () => {
    const { url } = await serve(['serve', 'rewards', '--reward', 'math'])
    const { port } = new URL(url)
    expect(await posttrainHere(['serve', 'rewards', '--reward', 'number', '--port', port])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        `^error: cannot listen on 127.0.0.1:${port}: .*\nhint: choose another port or host\n$`,
      ),
    })
  })

  it.each([
    [['--reward', 'maths'], 'there is no reward maths'],
    [['--reward', 'math', '--port', '70000'], 'port'],
    [['--reward', 'math', '--queue', '-1'], '--queue'],
  ])('%j ends with 2', async (args, message) => {
    const { status, stderr } = await posttrainHere(['serve', 'rewards', ...args])
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })
})
