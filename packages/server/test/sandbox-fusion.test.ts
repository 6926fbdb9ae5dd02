import { machineFailed } from '@posttrain/core'
import type { AskedProgram, AskedRun, ProgramRunner } from '@posttrain/server'
import { describe, expect, it } from 'vitest'
import { post, served } from './served.js'

const finished: AskedRun = { status: 'finished', reason: '', stdout: '3\n', stderr: '', exitCode: 0, seconds: 0.25 }
const runner = (run: Partial<AskedRun>, asked: AskedProgram[] = []): ProgramRunner => ({
  async run(program) {
    asked.push(program)
    return { ...finished, ...run }
  },
})
const program = { code: 'print(int(input()) + 1)', language: 'python', stdin: '2', compile_timeout: 5, run_timeout: 7 }

describe('/run_code', () => {
  it('runs a program and says what it wrote', async () => {
    const asked: AskedProgram[] = []
    const server = served({ programs: runner({}, asked) })
    expect((await post(server, '/run_code', { ...program, files: {}, memory_limit_MB: 1024 })).body).toEqual({
      status: 'Success',
      message: '',
      compile_result: null,
      run_result: { status: 'Finished', execution_time: 0.25, return_code: 0, stdout: '3\n', stderr: '' },
      executor_pod_name: null,
      files: {},
    })
    await post(server, '/run_code', { code: 'x', language: 'python', stdin: null })
    expect(asked).toEqual([
      { language: 'python', code: program.code, stdin: '2', seconds: 7 },
      { language: 'python', code: 'x', stdin: '', seconds: 10 },
    ])
  })

  // Of each: the status of all, the status and the exit status of the run, which are what verl decides by.
  it.each([
    [{ status: 'error', exitCode: 1 }, ['Failed', 'Finished', 1]],
    [{ status: 'exit', exitCode: 3 }, ['Failed', 'Finished', 3]],
    [{ status: 'timeout', exitCode: undefined }, ['Failed', 'TimeLimitExceeded', null]],
    [{ status: 'memory', exitCode: undefined }, ['Failed', 'Finished', 137]],
    [{ status: 'unscored', exitCode: 1 }, ['SandboxError', 'Error', null]],
  ])('says of %j %j', async (run, said) => {
    const { body } = await post(served({ programs: runner({ ...run, reason: 'why' }) }), '/run_code', program)
    const { status, message, run_result } = body as {
      status: string
      message: string
      run_result: { status: string; return_code: number | null }
    }
    expect([status, run_result.status, run_result.return_code]).toEqual(said)
    expect(message).toBe('why')
  })

  it('answers 504, which verl tries again, where there is no room', async () => {
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let began = false
    const programs: ProgramRunner = {
      async run() {
        began = true
        await held
        return finished
      },
    }
    const server = served({ programs, concurrency: 1, queue: 0 })
    const first = post(server, '/run_code', program)
    await expect.poll(() => began).toBe(true)
    expect(await post(server, '/run_code', program)).toMatchObject({
      status: 504,
      body: { error: { code: 'overloaded' } },
    })
    release()
    expect(await first).toMatchObject({ status: 200 })
  })

  it('answers 422 to languages that it does not run, and 500 where no interpreter starts', async () => {
    expect(await post(served({ programs: runner({}) }), '/run_code', { ...program, language: 'nodejs' })).toMatchObject(
      {
        status: 422,
        body: { error: { message: 'language: expected "python"' } },
      },
    )
    const programs: ProgramRunner = { run: () => Promise.reject(machineFailed('no interpreter starts')) }
    expect(await post(served({ programs }), '/run_code', program)).toMatchObject({
      status: 500,
      body: { error: { code: 'machine-failed', message: 'no interpreter starts' } },
    })
  })
})
