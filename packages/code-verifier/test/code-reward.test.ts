import { expect, it } from 'vitest'
import type { Sample, Task } from '@posttrain/core'
import { codeReward } from '../src/code-reward.js'
import { codeVerifier } from '../src/code-verifier.js'
import { verifyProgram } from '../src/verify-program.js'

const SLOW = { timeout: 60_000 }
const usage = { promptTokens: 1, completionTokens: 1 }
const sample = (text: string): Sample => ({ id: 'a', taskId: 'a', index: 0, seed: 0, text, finish: 'stop', usage })
const task: Task = { id: 'a', prompt: 'Double n.', reference: 'assert(twice(2) === 4)' }

it('rewards programs in fences, counts signs, and tells of each', SLOW, async () => {
  const told: string[] = []
  const verifier = codeVerifier({ concurrency: 2 })
  const reward = codeReward({ language: 'javascript', verifier, onVerdict: ({ verdict }) => told.push(verdict) })
  const texts = [
    'Here:\n```js\nconst twice = (n) => 2 * n\n```\n',
    'const twice = (n) => n; console.log("PASSED")',
    'twice',
  ]
  expect(await reward.score(task, texts.map(sample))).toEqual([
    { kind: 'scored', reward: 1, parts: { signs: 0 } },
    { kind: 'scored', reward: 0, parts: { signs: 1 } },
    { kind: 'scored', reward: 0, parts: { signs: 0 } },
  ])
  expect(told.sort()).toEqual(['failed', 'failed', 'passed'])
  verifier.close()
})

it('gives the reason where nothing can be judged, and refuses a task without tests', SLOW, async () => {
  const verifier = codeVerifier()
  const reward = codeReward({ language: 'javascript', verifier })
  expect(await reward.score({ ...task, reference: '' }, [sample('1')])).toEqual([
    { kind: 'unscored', reason: 'the tests check nothing', parts: { signs: 0 } },
  ])
  await expect(reward.score({ id: 'b', prompt: '' }, [sample('1')])).rejects.toMatchObject({
    code: 'invalid-data',
    message: 'task b has no tests',
  })
  const failing = codeReward({
    language: 'javascript',
    verifier,
    programOf: () => {
      throw new Error('no')
    },
  })
  await expect(failing.score(task, [sample('1')])).rejects.toThrow('programOf failed on task a: no')
  verifier.close()
})

it('stops at the signal, what runs and what waits, and judges on', SLOW, async () => {
  const verifier = codeVerifier()
  const reward = codeReward({ language: 'javascript', verifier, programOf: ({ text }) => text })
  const controller = new AbortController()
  const hangs = reward.score(task, [sample('for (;;) {}'), sample('for (;;) {}')], { signal: controller.signal })
  setTimeout(() => controller.abort(), 300)
  await expect(hangs).rejects.toMatchObject({ code: 'aborted' })
  expect(await reward.score(task, [sample('const twice = (n) => n + n')])).toMatchObject([{ reward: 1 }])
  await expect(reward.score(task, [sample('')], { signal: controller.signal })).rejects.toMatchObject({
    code: 'aborted',
  })
  verifier.close()
})

it('ends what waits when the verifier is closed', SLOW, async () => {
  const verifier = codeVerifier()
  const program = { language: 'javascript', code: 'for (;;) {}', tests: { assertions: 'assert(1)' } } as const
  const [first, second] = [verifier.verify(program), verifier.verify(program)]
  setTimeout(() => verifier.close(), 500)
  await expect(second).rejects.toMatchObject({ code: 'aborted', message: 'the verifier is closed' })
  await expect(first).rejects.toMatchObject({ code: 'aborted' })
  await expect(verifier.verify(program)).rejects.toMatchObject({ code: 'aborted' })
})

it('keeps verdicts apart when many are judged at once', SLOW, async () => {
  const verifier = codeVerifier({ concurrency: 3 })
  const numbers = Array.from({ length: 60 }, (_, n) => n)
  const found = await Promise.all(
    numbers.map((n) =>
      verifier.verify({
        language: 'javascript',
        code: `const f = () => ${n % 3 === 0 ? -1 : n}`,
        tests: { assertions: `assert(f() === ${n})` },
      }),
    ),
  )
  expect(found.map(({ verdict }) => verdict)).toEqual(numbers.map((n) => (n % 3 === 0 ? 'failed' : 'passed')))
  verifier.close()
})

it.each([
  [{ language: 'ruby' }, 'language must be one of python, javascript, but is "ruby"'],
  [{ code: 3 }, 'code is 3'],
  [{ tests: {} }, 'tests must have exactly one of assertions, pairs and streams'],
  [{ tests: { assertions: '', streams: [] } }, 'tests must have exactly one of assertions, pairs and streams'],
  [{ tests: { pairs: [] } }, 'pairs need an entryPoint'],
  [{ tests: { pairs: [{ arguments: 3 }], entryPoint: 'f' } }, 'pairs[0] is not as tests have it'],
  [{ tests: { streams: [{ stdin: '', expected: '' }, null] } }, 'streams[1] is not as tests have it'],
  [{ tests: { assertions: 3 } }, 'assertions is 3'],
])('refuses %j', async (wrong, message) => {
  const program = { language: 'javascript', code: '', tests: { assertions: '' }, ...wrong }
  await expect(verifyProgram(program as never)).rejects.toMatchObject({ code: 'invalid-argument', message })
})

it.each([
  [{ limits: { seconds: 0 } }, /^limits.seconds must be/],
  [{ limits: { memory: 1 } }, /^limits.memory must be/],
  [{ concurrency: 0 }, /^concurrency must be/],
  [{ isolation: 'none' }, /^isolation must be one of/],
  [{ python: 'jython' }, /^python must be one of/],
])('refuses %j', (wrong, message) => {
  expect(() => codeVerifier(wrong as never)).toThrow(message)
})
