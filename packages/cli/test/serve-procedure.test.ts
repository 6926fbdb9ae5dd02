import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { serve } from './served.js'

/** A Llama of random weights, some kilobytes. */
const MODEL = fileURLToPath(new URL('../../../tools/golden/hugging-face/llama', import.meta.url))

it('serves a procedure on a model of this machine, and answers what it has taken on', { timeout: 60_000 }, async () => {
  const args = ['serve', 'procedure', 'maj@3', 'mean', '--model', MODEL, '--device', 'reference', '--cap-tokens', '20']
  const { child, ended, post } = await serve(args)
  const ask = () => post('/v1/completions', { model: 'maj@3', prompt: 'the', max_tokens: 4, seed: 1 })
  const [first, again] = await Promise.all([ask(), ask()])
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const [{ choices, usage }, other] = await Promise.all<any>([first.json(), again.json()])
  expect(usage.completion_tokens).toBe(12)
  expect(choices[0].posttrain).toMatchObject({ procedure: 'maj@3', samples: 3, completion_tokens: 12, failed: 0 })
  expect(other.choices[0].text).toBe(choices[0].text)
  child.kill('SIGINT')
  const { status, stderr } = await ended
  expect(status).toBe(0)
  expect(stderr).toContain('stopping: what was taken on is answered')
})

it.each([
  [['nothing:4', '--model', MODEL], 'the procedure nothing:4 is unknown'],
  [['best-of-4', '--model', MODEL], 'best-of needs by'],
  [['mean'], 'nothing says where samples come from'],
  [['mean', '--model', 'nowhere'], 'cannot read nowhere/config.json'],
  [['mean', '--model', MODEL, '--floor-samples', '4', '--cap-samples', '2'], 'the floor of 4 samples is above the cap'],
  [['maj@2', '--model', MODEL, '--answer', '/(/'], '/(/ is no regular expression'],
  [['maj@2', '--model', MODEL, '--answer', 'guess'], 'there is no way guess to read an answer'],
])('refuses %j', async (args, message) => {
  const { status, stderr } = await posttrainHere(['serve', 'procedure', ...args, '--port', '0'])
  expect(stderr).toContain(message)
  expect(status).toBe(2)
})
