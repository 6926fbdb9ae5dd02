import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { pythonShim, SHIM_TRAINERS, type ShimTrainer } from '../../src/shims/python-shim.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-shims-'))
afterAll(() => rmSync(folder, { recursive: true }))
for (const trainer of SHIM_TRAINERS) writeFileSync(join(folder, `posttrain_${trainer}.py`), pythonShim(trainer))

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What a program of Python that imports the shims prints, or how it ended. */
const python = (program: string, env: Readonly<Record<string, string>> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn('python3', ['-c', program], { cwd: folder, env: { ...process.env, ...env } })
    let said = ''
    child.stdout.on('data', (chunk) => (said += chunk))
    let errors = ''
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.on('error', reject)
    child.on('close', () => resolve(said.trim() || errors.trim().split('\n').at(-1)!))
  })

interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}
interface Asked {
  readonly url: string | undefined
  readonly token: string | undefined
  readonly samples: readonly unknown[]
}

let stop = (): void => {}
afterEach(() => stop())

/** A server that gives these replies in turn, and what it was asked. */
async function serve(...replies: readonly Reply[]): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const left = [...replies]
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const { samples } = JSON.parse(body) as { samples: readonly unknown[] }
    asked.push({ url: request.url, token: request.headers.authorization, samples })
    const reply = left.shift() ?? { status: 500, body: {} }
    response.writeHead(reply.status ?? 200, reply.headers)
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body))
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stop = () => server.close()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const outcomes = (...rewards: readonly (number | null)[]): Reply => ({
  body: { outcomes: rewards.map((reward) => (reward === null ? { reward, unscored: 'cannot tell' } : { reward })) },
})

const TRL = 'from posttrain_trl import posttrain_reward as reward\n'
const call = (more = ''): string => `${TRL}print(reward(["1+1=", "1+2="], ["2", "three"]${more}))`

const missing = hasPython() ? '' : ' (skipped: there is no python3 here)'

describe.skipIf(missing !== '')(`a shim in Python${missing}`, () => {
  describe('the file', () => {
    it.each([
      ['trl', 'posttrain_reward'],
      ['verl', 'compute_score'],
      ['verifiers', 'posttrain_reward'],
      ['verifiers', 'posttrain_rubric'],
    ])('for %s needs no other, and has %s', async (trainer, name) => {
      expect(await python(`from posttrain_${trainer} import ${name}; print(${name}.__name__)`)).toBe(name)
    })

    it('asks the address that is written into it, which no quote in it ends', async () => {
      const url = 'http://127.0.0.1:1/a"\n+print(1)+"'
      writeFileSync(join(folder, 'elsewhere.py'), pythonShim('verl', { url }))
      expect(await python('import elsewhere; print(elsewhere.DEFAULT_URL)')).toBe(new URL(url).href)
    })

    it('refuses what is no trainer and no address', () => {
      expect(() => pythonShim('nemo' as ShimTrainer)).toThrow('there is no shim for nemo')
      expect(() => pythonShim('trl', { url: 'localhost:8000' })).toThrow(
        'url is localhost:8000, but a reward server is',
      )
    })
  })

  describe('TRL', () => {
    it('gets one reward for each completion, None where it is unscored, from one request', async () => {
      const { url, asked } = await serve(outcomes(0.5, null))
      expect(
        await python(call(', answer=["2", "3"], task_id=[7, 8]'), { POSTTRAIN_URL: url, POSTTRAIN_TOKEN: 'abc' }),
      ).toBe('[0.5, None]')
      const samples = [
        { response: '2', prompt: '1+1=', reference: '2', task_id: '7' },
        { response: 'three', prompt: '1+2=', reference: '3', task_id: '8' },
      ]
      expect(asked).toEqual([{ url: '/score', token: 'Bearer abc', samples }])
    })

    it('has conversations scored by their texts', async () => {
      const { url, asked } = await serve(outcomes(1))
      const prompt = [
        {
          role: 'user',
          content: [
            { type: 'text', text: '1+' },
            { type: 'text', text: '1=' },
          ],
        },
      ]
      const completion = [
        { role: 'assistant', content: null, tool_calls: [] },
        { role: 'assistant', content: '2' },
      ]
      const program = `import json\n${TRL}print(reward(*json.loads(${JSON.stringify(JSON.stringify([[prompt], [completion]]))})))`
      expect(await python(program, { POSTTRAIN_URL: url })).toBe('[1]')
      const response = [
        { role: 'assistant', content: '' },
        { role: 'assistant', content: '2' },
      ]
      expect(asked[0]!.samples).toEqual([{ prompt: [{ role: 'user', content: '1+1=' }], response }])
    })

    it('takes the reference that the environment names, and names the columns if there is no such one', async () => {
      const { url, asked } = await serve(outcomes(1, 1))
      const columns = ', answer=["2", "3"], gold=["II", "III"]'
      await python(call(columns), { POSTTRAIN_URL: url, POSTTRAIN_REFERENCE: 'gold' })
      expect(asked[0]!.samples).toMatchObject([{ reference: 'II' }, { reference: 'III' }])
      expect(await python(call(columns), { POSTTRAIN_URL: url, POSTTRAIN_REFERENCE: 'golf' })).toMatch(
        /PosttrainError: there is no column 'golf': set POSTTRAIN_REFERENCE to one of answer, gold$/,
      )
    })

    it('logs the share of unscored samples and the means of the parts that were had', async () => {
      const parts = [{ format: 1, length: null }, { format: 0 }]
      const { url } = await serve({
        body: { outcomes: parts.map((part) => ({ reward: 1, parts: part, answer: '2' })) },
      })
      expect(await python(call(', log_metric=print, log_extra=print'), { POSTTRAIN_URL: url })).toBe(
        [
          "answer_read ['2', '2']",
          "unscored ['', '']",
          'posttrain/unscored 0.0',
          'posttrain/format 0.5',
          '[1, 1]',
        ].join('\n'),
      )
    })

    it('asks for no more samples at a time than the environment allows, and for no more than 4 MiB of them', async () => {
      const { url, asked } = await serve(outcomes(...Array<number>(256).fill(1)), outcomes(0))
      const sum = (texts: string): string => `${TRL}print(sum(reward([""] * len(${texts}), ${texts})))`
      expect(await python(sum('["2"] * 257'), { POSTTRAIN_URL: url })).toBe('256')
      expect(asked.map(({ samples }) => samples.length)).toEqual([256, 1])

      const smaller = await serve(outcomes(1, 1), outcomes(1))
      expect(await python(sum('["2"] * 3'), { POSTTRAIN_URL: smaller.url, POSTTRAIN_BATCH: '2' })).toBe('3')
      const larger = await serve(outcomes(1, 1, 1), outcomes(1, 1))
      expect(await python(sum('["2" * 2**20] * 5'), { POSTTRAIN_URL: larger.url })).toBe('5')
    })
  })

  describe('verl', () => {
    const score =
      'from posttrain_verl import compute_score\nprint(compute_score("sums", "2", ["2"], {"index": 3, "question": "1+1="}'

    it('gets a score and whether there was one, under the same names', async () => {
      const { url, asked } = await serve(outcomes(1), outcomes(null), outcomes(null))
      const env = { POSTTRAIN_URL: url }
      expect(await python(`${score}))`, env)).toBe("{'score': 1.0, 'unscored': 0.0}")
      expect(await python(`${score}, reward_router_address=None))`, env)).toBe("{'score': 0.0, 'unscored': 1.0}")
      expect(await python(`${score}, unscored_score=-1))`, env)).toBe("{'score': -1.0, 'unscored': 1.0}")
      expect(asked[0]!.samples).toEqual([{ response: '2', prompt: '1+1=', reference: ['2'], task_id: 'sums/3' }])
    })
  })

  describe('verifiers', () => {
    it('gets the reward of a task from what the model said, or an error with the reason', async () => {
      const { url, asked } = await serve(outcomes(0.5), outcomes(null))
      const program = `
import asyncio
from posttrain_verifiers import posttrain_reward

class Said(dict):
    def model_dump(self, mode):
        return self

class Trace:
    assistant_messages = [Said(role="assistant", content="2", tool_calls=None)]

print(asyncio.run(posttrain_reward(Said(idx=0, id=None, prompt="1+1=", answer="2"), Trace())))`
      expect(await python(program, { POSTTRAIN_URL: url })).toBe('0.5')
      const response = [{ role: 'assistant', content: '2' }]
      expect(asked[0]!.samples).toEqual([{ response, prompt: '1+1=', reference: '2', task_id: '0' }])
      expect(await python(program, { POSTTRAIN_URL: url })).toMatch(/PosttrainError: unscored: cannot tell$/)
    })

    it('gets rewards of a group, advantages over those that are scored, and errors of the others', async () => {
      const { url, asked } = await serve(outcomes(1, 0, null))
      writeFileSync(join(folder, 'verifiers.py'), 'class Rubric:\n    pass\nclass Error(Exception):\n    pass\n')
      const program = `
import asyncio, json
from posttrain_verifiers import posttrain_rubric

def state(text):
    step = {"advantage": None, "reward": None}
    completion = [{"role": "assistant", "content": text}]
    return {"task": "sums", "example_id": 3, "prompt": "1+1=", "completion": completion, "answer": "2",
            "info": {"reference": "II"}, "trajectory": [step], "error": None}

states = [state(text) for text in ("II", "I", "")]
asyncio.run(posttrain_rubric().score_group(states))
print(json.dumps([[s["reward"], s["advantage"], s["trajectory"][0], s["metrics"], str(s["error"])] for s in states]))`
      expect(JSON.parse(await python(program, { POSTTRAIN_URL: url }))).toEqual([
        [1, 0.5, { advantage: 0.5, reward: 1 }, { posttrain: 1, unscored: 0 }, 'None'],
        [0, -0.5, { advantage: -0.5, reward: 0 }, { posttrain: 0, unscored: 0 }, 'None'],
        [0, 0, { advantage: 0, reward: 0 }, { posttrain: 0, unscored: 1 }, 'unscored: cannot tell'],
      ])
      expect(asked[0]!.samples[0]).toEqual({
        response: [{ role: 'assistant', content: 'II' }],
        prompt: '1+1=',
        reference: 'II',
        task_id: 'sums/3',
      })
    })
  })

  describe('a server that gives no rewards', () => {
    it('is asked again while it is overloaded, no sooner than it says', async () => {
      const { url, asked } = await serve({ status: 503, headers: { 'Retry-After': '1' }, body: '' }, outcomes(1, 0))
      const started = performance.now()
      expect(await python(call(), { POSTTRAIN_URL: url })).toBe('[1, 0]')
      expect(performance.now() - started).toBeGreaterThan(1000)
      expect(asked).toHaveLength(2)
    })

    it.each<readonly [string, Reply, RegExp]>([
      ['no token', { status: 401, body: {} }, /asks for its token: set POSTTRAIN_TOKEN to what it printed/],
      [
        'a body that it does not read',
        { status: 422, body: { error: { code: 'invalid-data', message: 'no response', hint: 'say one' } } },
        /refused \(422\): no response: say one$/,
      ],
      ['another server', { status: 404, body: '<html>' }, /refused with 404: is it `posttrain serve rewards`\?$/],
      ['no JSON', { body: '<html>' }, /did not answer in JSON/],
      ['too few outcomes', outcomes(1), /did not answer with 2 outcomes/],
      ['a reward that is no number', { body: '{"outcomes": [{"reward": NaN}, {"reward": 1}]}' }, /gave the reward nan/],
    ])('raises a sentence after one request: %s', async (_, reply, sentence) => {
      const { url, asked } = await serve(reply)
      expect(await python(call(), { POSTTRAIN_URL: `${url}?token=secret` })).toMatch(
        new RegExp(`PosttrainError: ${url} ${sentence.source}`),
      )
      expect(asked).toHaveLength(1)
      expect(asked[0]!.url).toBe('/score?token=secret')
    })

    it('raises after POSTTRAIN_TIMEOUT where there is none', async () => {
      expect(await python(call(), { POSTTRAIN_URL: 'http://127.0.0.1:1', POSTTRAIN_TIMEOUT: '1' })).toMatch(
        /PosttrainError: no rewards within 1 s .*127\.0\.0\.1:1 does not answer .*start `posttrain serve rewards`/,
      )
      expect(await python(call(), { POSTTRAIN_URL: 'localhost:8000' })).toMatch(
        /is 'localhost:8000': set POSTTRAIN_URL to http/,
      )
    })
  })
})
