import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import OpenAI from 'openai'
import { expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { openAiServer } from './openai-server.js'
import { emptyFolder } from './posttrain.js'
import { serve } from './served.js'

/** What a canary says of itself with a judge. */
interface SplitState {
  readonly verdict: string
  readonly share: number
  readonly pending: number
  readonly a: { readonly decisions: number; readonly unscored: number }
  readonly b: { readonly decisions: number; readonly unscored: number }
  readonly judge: { readonly open: number; readonly lastUnscored: string | null }
}

/** Questions whose answers the server gives wrong in a third of the seeds. */
function withTasks(count: number): (name: string) => string {
  const folder = emptyFolder()
  const rows = Array.from({ length: count }, (_, i) => ({ task_id: i, prompt: `${i} + 40`, reference: `${i + 40}` }))
  writeFileSync(join(folder, 'tasks.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return (name) => join(folder, name)
}

/** What the command ended with in this process, where only process.exitCode tells of a gate. */
async function ran(args: readonly string[]) {
  process.exitCode = undefined
  const { status, stdout, stderr } = await posttrainHere(args)
  const exit = process.exitCode ?? status
  process.exitCode = undefined
  return { exit, stdout, stderr }
}

it('replays tasks until a vote is shown to be better than one sample, and says at what cost', async () => {
  const server = await openAiServer()
  const at = withTasks(400)
  const args = ['canary', 'replay', '--endpoint', server.url, '--tasks', at('tasks.jsonl'), '--store', at('s.db')]
  const common = [...args, '--answer', 'math', '--judge', 'math', '--prices', '1,1']
  const { exit, stdout } = await ran([...common, '--a', 'mean', '--b', 'maj@9'])
  expect(exit).toBe(0)
  expect(stdout).toMatch(/A: mean +20 +0\.5000 +0 +0 +1\.00 +3 /)
  expect(stdout).toMatch(/B: maj@9 +20 +1\.0000 +0 +0 +9\.00 +27 /)
  expect(stdout).toMatch(
    /B is shown to be better: difference \+0\.\d+ \[\+0\.\d+, \+0\.\d+\], which holds at every look with 95 %/,
  )

  const before = server.asked.length
  const other = await ran([...common, '--a', 'maj@9', '--b', 'mean', '--json'])
  expect(other.exit).toBe(1)
  expect(JSON.parse(other.stdout)).toMatchObject({ verdict: 'worse', b: { samples: 20 } })
  expect(server.asked.length - before).toBeLessThan(120) // a probe, and what was under way

  const same = await ran([...common, '--a', 'mean', '--b', 'mean', '--margin', '0.1'])
  expect([same.exit, same.stdout]).toEqual([0, expect.stringContaining('worse by less than 0.1, if at all')])
  await server.close()
})

it('compares two models, and shows nothing where there is nothing to show', async () => {
  const [one, two] = [await openAiServer(), await openAiServer()]
  const at = withTasks(10)
  const args = ['canary', 'replay', '--endpoint', one.url, '--server-b', two.url, '--tasks', at('tasks.jsonl')]
  const { exit, stdout } = await ran([...args, '--store', at('s.db'), '--a', 'mean', '--b', 'mean', '--judge', 'math'])
  expect([exit, stdout]).toEqual([1, expect.stringContaining('B is shown neither to be better nor worse')])
  for (const server of [one, two]) {
    expect(server.asked.filter(({ messages }) => messages.at(-1)!.content.endsWith('+ 40'))).toHaveLength(10)
    await server.close()
  }
})

it.each([
  [['--a', 'mean', '--b', 'odd'], 'procedure odd is unknown'],
  [['--a', 'mean', '--b', 'mean', '--judge', 'nobody'], 'there is no reward nobody'],
  [['--a', 'mean', '--b', 'mean', '--margin', '0'], 'It must be a positive number'],
])('refuses %j', async (sides, message) => {
  const at = withTasks(3)
  const args = [
    'canary',
    'replay',
    '--model',
    'x',
    '--tasks',
    at('tasks.jsonl'),
    '--store',
    at('s.db'),
    '--judge',
    'math',
  ]
  const { exit, stderr } = await ran([...args, ...sides])
  expect([exit, stderr]).toEqual([2, expect.stringContaining(message)])
})

it('serves both sides as one model, and moves traffic as rewards come in', { timeout: 60_000 }, async () => {
  const upstream = await openAiServer()
  const args = ['canary', 'serve', '--a', 'mean', '--b', 'maj@9', '--answer', 'math', '--upstream', upstream.url]
  const { child, ended, get, post } = await serve([...args, '--stages', '0.5'])
  const state = async () => (await (await get('/canary')).json()) as { verdict: string; share: number }
  for (let i = 0; i < 1200 && (await state()).verdict === 'undecided'; i++) {
    const messages = [{ role: 'user', content: `${i} + 40` }]
    const answer = await post('/v1/chat/completions', { model: 'canary', messages })
    const { choices } = (await answer.json()) as { choices: { posttrain: { run: string; answer: string } }[] }
    const { run, answer: said } = choices[0]!.posttrain
    await post('/v1/feedback', { run, reward: said.includes(String(i + 40)) ? 1 : 0 })
  }
  expect(await state()).toMatchObject({ verdict: 'better', share: 1 })
  child.kill('SIGINT')
  const { status, stderr } = await ended
  expect(status).toBe(0)
  expect(stderr).toContain('note: B gets 100 % from now on: B is shown to be better')
  await upstream.close()
})

it('moves traffic by itself where a judge says what answers were worth', { timeout: 60_000 }, async () => {
  const upstream = await openAiServer()
  const at = withTasks(0)
  // It adds up what was asked, and cannot judge every seventh question.
  writeFileSync(
    at('judge.mjs'),
    `const score = async ({ prompt }, samples) => samples.map(({ text }) => {
      const [a, b] = prompt.at(-1).content.split('+').map(Number)
      if (a % 7 === 0) throw new Error('seven')
      return { kind: 'scored', reward: text === \`It is \${a + b}.\` ? 1 : 0 }
    })
    export default { name: 'sum', score }`,
  )
  const args = ['canary', 'serve', '--a', 'mean', '--b', 'maj@9', '--answer', 'math', '--upstream', upstream.url]
  const { child, ended, get, url } = await serve([...args, '--stages', '0.5', '--judge', at('judge.mjs')])
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'secret', maxRetries: 0 })
  /** Once nothing is being judged. */
  const state = async (): Promise<SplitState> => {
    for (;;) {
      const now = (await (await get('/canary')).json()) as SplitState
      if (now.judge.open === 0) return now
    }
  }
  let asked = 0
  for (; asked < 1200 && (await state()).verdict === 'undecided'; asked++) {
    const messages = [{ role: 'user' as const, content: `${asked} + 40` }]
    const { choices } = await client.chat.completions.create({ model: 'canary', messages })
    expect(choices[0]!.message.content).toMatch(/^It is \d+\.$/)
  }
  const { a, b, share, verdict, pending, judge } = await state()
  expect([verdict, share, judge.lastUnscored]).toEqual(['better', 1, expect.stringContaining('seven')])
  const unscored = Math.ceil(asked / 7)
  expect([a.decisions + b.decisions, a.unscored + b.unscored, pending]).toEqual([asked, unscored, unscored])
  child.kill('SIGINT')
  const { status, stderr } = await ended
  expect(status).toBe(0)
  expect(stderr.match(/the judge left a decision unscored/g)).toHaveLength(1)
  expect(stderr).toContain('note: B gets 100 % from now on: B is shown to be better')
  await upstream.close()
})

it.each([
  ['math', 'the reward math needs a reference, which live traffic does not have'],
  ['nobody', 'there is no reward nobody'],
])('refuses to judge live traffic by %s', async (judge, message) => {
  const args = ['canary', 'serve', '--a', 'mean', '--b', 'maj@9', '--upstream', 'http://localhost:1', '--judge', judge]
  const { exit, stderr } = await ran(args)
  expect([exit, stderr]).toEqual([2, expect.stringContaining(message)])
})
