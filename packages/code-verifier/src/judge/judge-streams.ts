import type { Interpreter } from '../engine/interpreter.js'
import type { Limits } from '../limits.js'
import type { StreamTests } from '../program.js'
import type { Judged, Ruling } from './ruling.js'
import { runMain } from './run-main.js'
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
  const end = (ruling: Ruling, broken = false): Judged => ({
    ruling,
    output: output.join(''),
    calls: output.length,
    broken,
  })
  if (streams.length === 0) return end({ verdict: 'unscored', message: 'the tests check nothing' })
  const words = `${seconds} s are over`
  const until = performance.now() + seconds * 1000
  for (const [i, { stdin, expected }] of streams.entries()) {
    const interpreter = await next()
    const left = Math.max(0, until - performance.now()) / 1000
    const { stdout, failure, broken } = await runMain(interpreter, code, stdin, left, words)
    output.push(stdout)
    const where = `test ${i + 1} of ${streams.length}`
    if (failure) return end({ ...failure, message: `${failure.message} (${where})` }, broken)
    if (!sameOutput(stdout, expected)) {
      return end({ verdict: 'failed', cause: 'assertion', message: `the output of ${where} differs` })
    }
  }
  return end({ verdict: 'passed', checks: streams.length })
}
