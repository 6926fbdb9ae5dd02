import * as z from 'zod'
import { form, type Form } from '../form.js'
import type { AskedRun } from '../program-runner.js'
import { Refusal } from '../refusal.js'

const seconds = z.number().positive().max(3600).default(10)
const body = z.looseObject({
  code: z.string(),
  language: z.literal('python'),
  stdin: z.string().nullish(),
  compile_timeout: seconds,
  run_timeout: seconds,
})

/** Seconds that clients give a request beside the time of the program. */
const SLACK = 8

/**
 * `/run_code` of Sandbox Fusion: a Python program is run, and whoever asked compares its output. A server that has no
 * time answers 504, which is the one status that verl tries again; to it any other is a program that failed.
 */
export const runCode: Form = form({
  path: '/run_code',
  body,
  async answer({ code, language, stdin, compile_timeout, run_timeout }, { run }, client) {
    const program = { language, code, stdin: stdin ?? '', seconds: run_timeout }
    try {
      return said(await run(program, compile_timeout + run_timeout + SLACK, client))
    } catch (error) {
      if (!(error instanceof Refusal) || ![429, 503].includes(error.status)) throw error
      const { code, message, hint, retryAfter } = error
      throw new Refusal(504, code, message, { hint, retryAfter })
    }
  },
})

function said({ status, reason, stdout, stderr, exitCode, seconds }: AskedRun): unknown {
  const isUnscored = status === 'unscored'
  const isOutOfTime = exitCode === undefined && status === 'timeout'
  const run = isUnscored ? 'Error' : isOutOfTime ? 'TimeLimitExceeded' : 'Finished'
  return {
    status: isUnscored ? 'SandboxError' : status === 'finished' ? 'Success' : 'Failed',
    message: status === 'finished' ? '' : reason,
    compile_result: null,
    run_result: {
      status: run,
      execution_time: seconds,
      // One that was ended, by its memory for instance, ended as a shell says it of a process that was killed.
      return_code: run === 'Finished' ? (exitCode ?? 137) : null,
      stdout,
      stderr,
    },
    executor_pod_name: null,
    files: {},
  }
}
