import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { openAiServer, type OpenAiServer } from './openai-server.js'
import { emptyFolder, posttrain } from './posttrain.js'

const servers: OpenAiServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})
async function started(options: Parameters<typeof openAiServer>[0] = {}): Promise<OpenAiServer> {
  const server = await openAiServer(options)
  servers.push(server)
  return server
}

const TASKS = Array.from({ length: 6 }, (_, i) => ({ task_id: `t${i}`, prompt: `${i} + 40`, reference: `${i + 40}` }))

/** A folder with a file of tasks. */
function withTasks(tasks: readonly object[] = TASKS): { folder: string; at: (name: string) => string } {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'tasks.jsonl'), tasks.map((task) => `${JSON.stringify(task)}\n`).join(''))
  return { folder, at: (name) => join(folder, name) }
}
const rowsOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
const isOfTask = ({ messages }: OpenAiServer['asked'][number]): boolean => /^\d \+ 40$/.test(messages.at(-1)!.content)

describe('posttrain sample', () => {
  it('draws each sample once, writes rows that score reads, and draws only more when asked for more', async () => {
    const server = await started()
    const { at } = withTasks()
    const args = [
      'sample',
      '--endpoint',
      server.url,
      '--tasks',
      at('tasks.jsonl'),
      '--store',
      at('s.db'),
      '--out',
      at('o.jsonl'),
    ]
    const first = await posttrainHere([...args, '-n', '4', '--prices', '1,2'])
    expect(first).toMatchObject({ status: 0 })
    expect(first.stdout).toContain('6 tasks, 24 samples, 0 failed,')
    expect(first.stdout).toContain('72 tokens drawn, cost 0.0002400; wrote')
    expect(first.stderr).toContain('note: its models belong to somebody: taken for any')
    const rows = rowsOf(at('o.jsonl'))
    expect(rows).toHaveLength(24)
    expect(rows[5]).toMatchObject({
      task_id: 't1',
      sample: 1,
      prompt: '1 + 40',
      response: expect.stringMatching(/^It is 4[12]\.$/),
      reference: '41',
      finish: 'stop',
      prompt_tokens: 4,
      completion_tokens: 3,
      cost: 0.00001,
    })
    expect(server.asked.filter(isOfTask)).toHaveLength(24)

    const more = await posttrainHere([...args, '-n', '6'])
    expect(more.stdout).toContain('36 samples')
    expect(server.asked.filter(isOfTask)).toHaveLength(36)
    expect(
      rowsOf(at('o.jsonl'))
        .filter(({ sample }) => Number(sample) < 4)
        .map(({ response }) => response),
    ).toEqual(rows.map(({ response }) => response))
    await posttrainHere([...args, '-n', '6', '--temperature', '0.5'])
    expect(server.asked.filter(isOfTask)).toHaveLength(72)

    const scored = await posttrainHere(['score', at('o.jsonl'), '--reward', 'number', '--json'])
    expect(JSON.parse(scored.stdout)).toMatchObject({ rows: 36, scored: 36 })
  })

  it('stopped by Ctrl-C goes on where it was, and says so', { timeout: 60_000 }, async () => {
    const server = await started({ delay: 20 })
    const { folder, at } = withTasks(Array.from({ length: 50 }, (_, i) => ({ task_id: i, question: `${i % 10} + 40` })))
    const args = ['sample', '--endpoint', server.url, '--tasks', 'tasks.jsonl', '-n', '4', '--store', 's.db']
    const stopped = await posttrain(
      [...args, '--out', 'o.jsonl', '--parallel', '4'],
      folder,
      () => server.asked.length > 80,
    )
    expect(stopped.status).toBe(130)
    const [, kept] = /stopped; (\d+) samples are in s\.db: the same command goes on/.exec(stopped.stderr) ?? []
    expect(Number(kept)).toBeGreaterThan(30)
    expect(existsSync(at('o.jsonl'))).toBe(false)
    const before = server.asked.filter(isOfTask).length
    const whole = await posttrain([...args, '--parallel', '32'], folder)
    expect(whole.status).toBe(0)
    expect(whole.stdout.trim().split('\n')).toHaveLength(200)
    expect(whole.stderr).toContain('note: 50 tasks, 200 samples, 0 failed')
    // What was under way at the stop was asked for twice, and nothing else.
    expect(server.asked.filter(isOfTask).length - before).toBe(200 - Number(kept))
  })

  it('writes samples that could not be had with the reason, and ends with status 2', { timeout: 60_000 }, async () => {
    const server = await started({ refuses: (question) => question.startsWith('3') })
    const { at } = withTasks()
    const args = ['sample', '--endpoint', server.url, '--tasks', at('tasks.jsonl'), '-n', '1', '--store', at('s.db')]
    const { status, stdout, stderr } = await posttrainHere(args)
    expect(status).toBe(0) // in this process, where the exit status is process.exitCode
    expect(process.exitCode).toBe(2)
    process.exitCode = undefined
    const failed = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)[3]
    expect(failed).toMatchObject({
      task_id: 't3',
      response: null,
      finish: 'failed',
      failure: '500: out of order (6 attempts)',
    })
    expect(stderr).toContain('1 samples could not be had, the first 0 of t3: 500: out of order')
  })

  it('sends a key of its own variable alone', async () => {
    const server = await started()
    const { at } = withTasks()
    const args = ['sample', '--endpoint', server.url, '--tasks', at('tasks.jsonl'), '-n', '1', '--store', at('s.db')]
    process.env['OPENAI_API_KEY'] = 'sk-not-for-others'
    await posttrainHere(args)
    expect(new Set(server.keys)).toEqual(new Set([undefined]))
    process.env['POSTTRAIN_API_KEY'] = 'sk-mine'
    await posttrainHere([...args, '--seed', '1'])
    delete process.env['OPENAI_API_KEY']
    delete process.env['POSTTRAIN_API_KEY']
    expect(server.keys.at(-1)).toBe('Bearer sk-mine')
  })

  it('runs a folder on this machine', async () => {
    const model = fileURLToPath(new URL('../../../tools/golden/hugging-face/llama', import.meta.url))
    const { at } = withTasks([{ task_id: 'a', prompt: 'the' }])
    const args = [
      'sample',
      '--model',
      model,
      '--device',
      'reference',
      '--tasks',
      at('tasks.jsonl'),
      '--store',
      at('s.db'),
    ]
    const { status, stdout } = await posttrainHere([...args, '-n', '3', '--max-tokens', '5'])
    expect(status).toBe(0)
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { response: string })
    expect(rows).toHaveLength(3)
    const again = await posttrainHere([...args, '-n', '3', '--max-tokens', '5'])
    expect(again.stdout).toBe(stdout)
  })

  it.each([
    [['-n', '2', '--temperature', '0'], 'all 2 samples would be the same'],
    [['-n', '0'], 'It must be a whole number of at least 1'],
    [['-n', '1', '--model', 'b', '--endpoint', 'nowhere'], 'nowhere is no URL'],
    [['-n', '1', '--endpoint', 'http://127.0.0.1:9'], 'cannot be asked'],
    [['-n', '1', '--model', 'nowhere'], 'cannot read nowhere/config.json'],
    [['-n', '1', '--model', 'x', '--prompt', 'text'], 'text must be a text or a list of messages'],
    [['-n', '1', '--model', 'x', '--prices', '1'], 'two numbers'],
    [['-n', '1', '--model', 'x', '--top-logprobs', '5'], 'does not give the likeliest tokens'],
  ])('refuses %j', async (args, message) => {
    const { at } = withTasks()
    const { status, stderr } = await posttrainHere([
      'sample',
      '--tasks',
      at('tasks.jsonl'),
      '--store',
      at('s.db'),
      ...args,
    ])
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })

  it.each([
    [
      [
        { task_id: 'a', prompt: '?' },
        { task_id: 'a', prompt: '!' },
      ],
      'two tasks have the id a',
    ],
    [[{ prompt: '?' }], 'tasks.jsonl, line 1: task_id must be a text or a number'],
    [[{ task_id: 'a', prompt: '?', tags: 'hard' }], 'tags must be an object of texts'],
    [[], 'is empty'],
  ])('refuses tasks that are wrong before anything is asked: %j', async (tasks, message) => {
    const server = await started()
    const { at } = withTasks(tasks)
    const args = ['sample', '--endpoint', server.url, '--tasks', at('tasks.jsonl'), '-n', '1', '--store', at('s.db')]
    const { status, stderr } = await posttrainHere(args)
    expect(stderr).toContain(message)
    expect([status, server.asked.length]).toEqual([2, 0])
  })
})

describe('posttrain solve', () => {
  it('answers tasks by a procedure, with the reason and the cost, and uses samples that are there', async () => {
    const server = await started()
    const { at } = withTasks()
    const common = ['--endpoint', server.url, '--tasks', at('tasks.jsonl'), '--store', at('s.db')]
    await posttrainHere(['sample', ...common, '-n', '5', '--out', at('samples.jsonl')])
    const before = server.asked.filter(isOfTask).length
    const args = ['solve', '--procedure', 'maj@7', '--answer', 'math', ...common]
    const { status, stdout } = await posttrainHere([...args, '--out', at('o.jsonl')])
    expect(status).toBe(0)
    expect(stdout).toMatch(/^6 tasks, 0 without an answer, 7\.00 samples and 21 tokens a task, 6 complete; wrote /)
    expect(server.asked.filter(isOfTask).length - before).toBe(6 * 2)
    const rows = rowsOf(at('o.jsonl'))
    expect(rows[2]).toMatchObject({
      task_id: 't2',
      answer: '42',
      response: 'It is 42.',
      reference: '42',
      procedure: 'maj@7',
      reason: expect.stringMatching(/^\d of 7 samples answered 42$/),
      stopped: 'complete',
      samples: 7,
      completion_tokens: 21,
    })
    const scored = await posttrainHere(['score', at('o.jsonl'), '--reward', 'number', '--json'])
    expect(JSON.parse(scored.stdout)).toMatchObject({ rows: 6, scored: 6 })

    const capped = await posttrainHere([...args, '--cap-samples', '3', '--out', at('capped.jsonl')])
    expect(capped.stdout).toContain('3.00 samples and 9 tokens a task, 6 capped')
  })

  it.each([
    ['logprob', '0', /by mean log-prob, with -0\.1/],
    ['confidence', '2', /by mean confidence, with 1\.55/],
  ])("chooses by the model's own %s, which is asked of the server", async (reward, top, reason) => {
    const server = await started()
    const { at } = withTasks()
    const common = ['--endpoint', server.url, '--tasks', at('tasks.jsonl'), '--store', at('s.db')]
    await posttrainHere([
      'solve',
      '--procedure',
      'best-of:4',
      '--reward',
      'logprob',
      ...common,
      '--out',
      at('none.jsonl'),
    ])
    expect(rowsOf(at('none.jsonl'))[0]).toMatchObject({ response: '' }) // those in the store carry none
    const args = ['solve', '--procedure', 'best-of:4', '--reward', reward, '--top-logprobs', top, ...common]
    const { status } = await posttrainHere([...args, '--out', at('o.jsonl')])
    expect(status).toBe(0)
    const rows = rowsOf(at('o.jsonl')) as { response: string; reference: string; reason: string }[]
    for (const row of rows) {
      expect(row.response).toBe(`It is ${row.reference}.`)
      expect(row.reason).toMatch(reason)
    }
    expect(server.asked.at(-1)).toMatchObject({ logprobs: true })
  })

  it('says of a task without an answer that it has none', async () => {
    const server = await started()
    const { at } = withTasks()
    writeFileSync(
      at('never.mjs'),
      "export default { name: 'never', score: async (_, all) => all.map(() => ({ kind: 'scored', reward: 0 })) }",
    )
    const args = ['solve', '--procedure', 'pass@2', '--reward', at('never.mjs'), '--endpoint', server.url]
    const { stdout, stderr } = await posttrainHere([...args, '--tasks', at('tasks.jsonl'), '--store', at('s.db')])
    expect(JSON.parse(stdout.split('\n')[0]!)).toMatchObject({
      response: '',
      answer: null,
      reason: 'none of 2 samples passed never',
    })
    expect(stderr).toContain('6 tasks, 6 without an answer')
  })
})
