import type { Interpreter } from '../engine/interpreter.js'
import type { Limits } from '../limits.js'
import type { StreamTests } from '../program.js'
import { failureOf } from './failure.js'
import { readJson } from './read-json.js'
import type { Judged, Ruling } from './ruling.js'
import { sameOutput } from './same-output.js'

/**
 * Runs a main program once per test and compares what it writes with what is expected.
 *
 * @param next the interpreter for the next run
 */
export async function judgeStreams(
  next: () => Promise<Interpreter>,
  code: string,
  { streams }: StreamTests,
  { seconds }: Limits,
): Promise<Judged> {
  const output: string[] = []
  const end = (ruling: Ruling, broken = false): Judged => ({ ruling, output: output.join(''), broken })
  if (streams.length === 0) return end({ verdict: 'unscored', message: 'the tests check nothing' })
  const until = performance.now() + seconds * 1000
  for (const [i, { stdin, expected }] of streams.entries()) {
    const interpreter = await next()
    const deadline = setTimeout(
      () => interpreter.kill('timeout', `${seconds} s are over`),
      Math.max(0, until - performance.now()),
    )
    const said = await interpreter.say(JSON.stringify({ role: 'main', code, stdin }))
    clearTimeout(deadline)
    const where = `test ${i + 1} of ${streams.length}`
    if (said.kind !== 'done') {
      const { cause, message } =
        said.kind === 'died' ? said : { cause: 'error' as const, message: 'it asked something' }
      return end({ verdict: 'failed', cause, message: `${message} (${where})` }, cause === 'error')
    }
    output.push(said.output)
    const ended = readJson(said.text)
    if (typeof ended !== 'object' || ended === null || 'threw' in ended) {
      return end(
        failureOf(ended && typeof ended === 'object' && 'threw' in ended ? ended.threw : undefined, ` (${where})`),
      )
    }
    if (!sameOutput(said.output, expected)) {
      return end({ verdict: 'failed', cause: 'assertion', message: `the output of ${where} differs` })
    }
  }
  return end({ verdict: 'passed', checks: streams.length })
}
