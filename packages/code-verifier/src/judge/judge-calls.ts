import type { Interpreter, Said } from '../engine/interpreter.js'
import type { AssertionTests, PairTests } from '../program.js'
import type { Limits } from '../limits.js'
import { failureOf } from './failure.js'
import { readJson } from './read-json.js'
import type { Judged, Ruling } from './ruling.js'

/**
 * Runs tests in one interpreter and the program in another. The tests call the program's functions by text: arguments
 * go there, values come back, and the tests compare them where no program can reach.
 *
 * @param suite interpreter of the tests
 * @param program interpreter of the program
 */
export async function judgeCalls(
  suite: Interpreter,
  program: Interpreter,
  code: string,
  tests: AssertionTests | PairTests,
  { seconds, output }: Limits,
): Promise<Judged> {
  const deadline = setTimeout(() => {
    program.kill('timeout', `${seconds} s are over`)
    // Tests that compute with what the program returned are its own time; those that wait for it end by themselves.
    grace = setTimeout(() => suite.kill('timeout', `${seconds} s are over, in the tests`), GRACE)
  }, seconds * 1000)
  let grace: NodeJS.Timeout | undefined
  try {
    const loaded = await program.say(JSON.stringify({ role: 'program', code }))
    const refused = rulingOfLoading(loaded)
    const { ruling, calls } = refused ? { ruling: refused, calls: 0 } : await converse(suite, program, tests, output)
    const ended = program.alive ? await program.say('{"do":"end"}') : undefined
    return {
      ruling,
      output: ended?.kind === 'done' ? ended.stdout : '',
      calls,
      broken: ruling.verdict === 'failed' && ruling.cause === 'error' && !program.alive,
    }
  } finally {
    clearTimeout(deadline)
    clearTimeout(grace)
  }
}

/** Milliseconds for the tests to come to their end once the program is gone. */
const GRACE = 2000

async function converse(
  suite: Interpreter,
  program: Interpreter,
  tests: AssertionTests | PairTests,
  limit: number,
): Promise<{ readonly ruling: Ruling; readonly calls: number }> {
  let calls = -1 // the first question is which names there are
  let said = await suite.say(JSON.stringify({ role: 'suite', ...tests }))
  for (; said.kind === 'ask'; calls++) said = await suite.say(answerOf(await program.say(said.text), limit))
  return { ruling: rulingOf(said), calls: Math.max(calls, 0) }
}

function rulingOf(said: Exclude<Said, { kind: 'ask' }>): Ruling {
  if (said.kind === 'died') {
    return { verdict: 'failed', cause: said.cause, message: `${said.message}, on what the program returned` }
  }
  const ruling = readJson(said.text) as Ruling | undefined
  if (ruling === undefined) return failureOf({ message: 'the tests broke on what the program returned' })
  return ruling.verdict === 'failed' ? failureOf(ruling) : ruling
}

/** What the tests hear: the program's words, or that there are none. */
function answerOf(said: Said, limit: number): string {
  if (said.kind === 'ask') {
    if (said.text.length <= limit) return said.text
    return JSON.stringify({ died: 'output', message: `the program returned more than ${limit} bytes` })
  }
  if (said.kind === 'died') return JSON.stringify({ died: said.cause, message: said.message })
  return JSON.stringify({ died: 'error', message: 'the program stopped answering' })
}

function rulingOfLoading(said: Said): Ruling | undefined {
  if (said.kind === 'died') return failureOf(said)
  const reply = said.kind === 'ask' ? readJson(said.text) : undefined
  if (typeof reply !== 'object' || reply === null) return failureOf({ message: 'the program broke its interpreter' })
  return 'threw' in reply ? failureOf(reply.threw) : undefined
}
