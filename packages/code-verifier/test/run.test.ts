import { afterAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'
import { cpythonProcesses } from '../src/engine/cpython.js'
import { requireLimits } from '../src/limits.js'
import type { MainProgram } from '../src/program-run.js'

const verifier = codeVerifier({ limits: { seconds: 30, memory: 128 * 2 ** 20, output: 1000 } })
afterAll(() => verifier.close())
const SLOW = { timeout: 120_000 }

const python = (code: string, stdin?: string) => verifier.run({ language: 'python', code, stdin })
const javascript = (code: string, stdin?: string) => verifier.run({ language: 'javascript', code, stdin })

describe('a program that ends by itself', () => {
  it('has its output, its errors, its exit status and its time', SLOW, async () => {
    const code = 'import sys, time\nprint(sum(map(int, input().split())))\nsys.stderr.write("log")\ntime.sleep(0.2)'
    const run = await python(code, '2 3\n')
    expect(run).toMatchObject({ status: 'finished', reason: 'it ended with exit status 0', stdout: '5\n' })
    expect([run.stderr, run.exitCode]).toEqual(['log', 0])
    expect(run.seconds).toBeGreaterThanOrEqual(0.2)
    expect(run.seconds).toBeLessThan(10)
  })

  it('is not judged: what it prints is handed over as it is', SLOW, async () => {
    expect((await python('print("14.0 ")')).stdout).toBe('14.0 \n')
    expect((await python('print(input())', 'é\u{1f600}')).stdout).toBe('é\u{1f600}\n')
    expect((await python('import sys\nprint(repr(sys.stdin.read()))')).stdout).toBe("''\n")
  })

  it.each([
    ['sys.exit()', 0, '', 'finished'],
    ['sys.exit(0)', 0, '', 'finished'],
    ['sys.exit(False)', 0, '', 'finished'],
    ['sys.exit(3)', 3, '', 'exit'],
    ['sys.exit(-1)', 255, '', 'exit'],
    ['sys.exit(256)', 0, '', 'finished'],
    ['sys.exit("no such row")', 1, 'no such row\n', 'exit'],
  ])('%s is exit status %d', SLOW, async (exit, exitCode, stderr, status) => {
    expect(await python(`import sys\nprint(1)\n${exit}`)).toMatchObject({ stdout: '1\n', exitCode, stderr, status })
  })

  it('writes the traceback of an error, as CPython does', SLOW, async () => {
    const run = await python('def f(n):\n  return 1 / n\nprint("before")\nf(0)\n')
    expect(run).toMatchObject({ status: 'error', exitCode: 1, stdout: 'before\n' })
    expect(run.reason).toBe('ZeroDivisionError: division by zero')
    expect(run.stderr.split('\n')).toEqual([
      'Traceback (most recent call last):',
      '  File "solution.py", line 4, in <module>',
      '    f(0)',
      '    ~^^^',
      '  File "solution.py", line 2, in f',
      '    return 1 / n',
      '           ~~^~~',
      'ZeroDivisionError: division by zero',
      '',
    ])
  })

  it('says where its syntax is wrong', SLOW, async () => {
    const run = await python('x = 1\ny = (')
    expect(run).toMatchObject({ status: 'error', exitCode: 1, stdout: '' })
    expect(run.stderr).toBe('  File "solution.py", line 2\n    y = (\n        ^\nSyntaxError: \'(\' was never closed\n')
  })

  it('fails by its own assertions', SLOW, async () => {
    const run = await python('assert 1 == 2, "no"')
    expect(run).toMatchObject({ status: 'error', reason: 'AssertionError: no', exitCode: 1 })
  })

  it('may break what shows its error', SLOW, async () => {
    const run = await python('import traceback\ntraceback.print_exception = None\n1 / 0')
    expect(run).toMatchObject({ status: 'error', exitCode: 1, stderr: '' })
  })

  it('in JavaScript too', SLOW, async () => {
    expect(await javascript('console.log(readLine()); console.error("log")', 'a\nb')).toMatchObject({
      status: 'finished',
      stdout: 'a\n',
      stderr: 'log\n',
      exitCode: 0,
    })
    const run = await javascript('function f() { throw new RangeError("no") }\nf()')
    expect(run).toMatchObject({ status: 'error', reason: 'RangeError: no', exitCode: 1, stdout: '' })
    expect(run.stderr.split('\n').slice(0, 2)).toEqual(['RangeError: no', expect.stringMatching(/f \(solution\.js:1/)])
  })
})

describe('a program that cannot go on', () => {
  it('is out of time', SLOW, async () => {
    const run = await verifier.run({ language: 'python', code: 'print(1)\nwhile True: pass', seconds: 0.5 })
    expect(run).toMatchObject({ status: 'timeout', reason: '0.5 s are over', exitCode: undefined })
    expect(run.seconds).toBeGreaterThanOrEqual(0.5)
    expect(run.seconds).toBeLessThan(10)
  })

  it('has no more time than the verifier gives', SLOW, async () => {
    const quick = codeVerifier({ limits: { seconds: 0.4 } })
    const run = await quick.run({ language: 'javascript', code: 'for (;;) {}', seconds: 60 })
    expect(run).toMatchObject({ status: 'timeout', reason: '0.4 s are over' })
    quick.close()
  })

  it.each([
    ['python', 'print("x" * 600)\nprint("y" * 600)'],
    ['javascript', 'console.log("x".repeat(600)); console.log("y".repeat(600))'],
  ] as const)('wrote too much, and what it wrote is cut: %s', SLOW, async (language, code) => {
    const run = await verifier.run({ language, code })
    expect(run).toMatchObject({ status: 'output', reason: 'it wrote more than 1000 bytes', exitCode: undefined })
    expect(run.stdout).toBe(`${'x'.repeat(600)}\n${'y'.repeat(399)}`)
    expect(run.stderr).toBe('\n[cut: it wrote more than 1000 bytes]\n')
  })

  it('wrote too much to both streams together', SLOW, async () => {
    const code = 'import sys\nsys.stdout.write("x" * 500)\nsys.stdout.flush()\nsys.stderr.write("y" * 501)'
    const run = await python(code)
    expect([run.status, run.stdout.length, run.stderr]).toEqual([
      'output',
      500,
      `${'y'.repeat(500)}\n[cut: it wrote more than 1000 bytes]\n`,
    ])
  })

  it('used too much memory', SLOW, async () => {
    expect(await python('x = b"x" * 10**9')).toMatchObject({ status: 'memory', exitCode: 1 })
  })

  it('left its interpreter, with what it had written', SLOW, async () => {
    const code = 'import os\nprint(5, flush=True)\nos._exit(3)'
    expect(await python(code)).toMatchObject({ status: 'exit', stdout: '5\n', exitCode: 3 })
    const without = await python(code.replace('3', '0'))
    expect(without).toMatchObject({ status: 'finished', stdout: '5\n', exitCode: 0 })
    expect(await python('import os\nos.abort()')).toMatchObject({ status: 'error', exitCode: undefined })
  })

  it.each([
    ['import numpy as np', 'unscored', 'the program imports numpy, which is not installed here'],
    ['import helper', 'error', "ModuleNotFoundError: No module named 'helper'"],
    ['raise ModuleNotFoundError("", name="numpy")', 'error', 'ModuleNotFoundError'],
  ])('for want of a module: %s is %s', SLOW, async (code, status, reason) => {
    expect(await python(code)).toMatchObject({ status, reason, exitCode: 1 })
  })
})

describe('nothing goes from one run to the next', () => {
  it.each([
    ['a module', 'import sys\nsys.left = 1'],
    ['a function of the language', 'import builtins\nbuiltins.print = lambda *a: None'],
    ['a file', 'open("left", "w").write("x")'],
    ['the streams', 'import os\nos.close(1)\nos.close(2)'],
    ['the interpreter', 'import os\nos.abort()'],
    ['memory', 'import ctypes\nctypes.memset(0, 255, 1_000_000)'],
  ])('%s', SLOW, async (_, code) => {
    await python(code, 'left')
    const after = 'import os, sys\nprint(hasattr(sys, "left"), os.listdir(), repr(sys.stdin.read()))'
    expect(await python(after)).toMatchObject({ status: 'finished', stdout: "False [] ''\n", stderr: '' })
  })

  it('nor to a verdict', SLOW, async () => {
    await python('import sys\nsys.left = 1\nsolve = lambda: 1')
    const program = { language: 'python', code: 'import sys\nsolve = lambda: hasattr(sys, "left")' } as const
    const tests = { assertions: 'assert solve() == False' }
    expect(await verifier.verify({ ...program, tests })).toMatchObject({ verdict: 'passed' })
  })

  it('of many at the same time, each has its own', SLOW, async () => {
    const two = codeVerifier({ concurrency: 2, limits: { seconds: 60 } })
    const runs = await Promise.all(
      Array.from({ length: 20 }, (_, i) => two.run({ language: 'python', code: 'print(input())', stdin: `${i}` })),
    )
    expect(runs.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}\n`))
    two.close()
  })
})

it('takes no failure and no success from a forged report', SLOW, async () => {
  const forge = (report: string): string =>
    `import gc, sys\nreal = sys.modules["peer"].to_text\ndef to_text(r): return real(${report})\nfor d in gc.get_objects():\n  if type(d) is dict and d.get("to_text") is real: d["to_text"] = to_text`
  expect(await python(forge('{"threw": {"cause": "assertion", "message": 3}}'))).toMatchObject({
    status: 'error',
    exitCode: undefined,
    reason: 'it broke its interpreter',
  })
  expect(await python(forge('{"status": "0"}'))).toMatchObject({ status: 'error', exitCode: undefined })
})

const cpython = ((): boolean => {
  try {
    return cpythonProcesses(requireLimits()).start !== undefined
  } catch {
    return false
  }
})()

describe.each([
  ['a process', { isolation: 'process' }, true],
  ['CPython', { isolation: 'process-without-network', python: 'cpython' }, cpython],
] as const)('in %s', (_, options, possible) => {
  const title = possible ? '' : ' (skipped: no python3 or no namespaces here)'
  const apart = possible ? codeVerifier({ ...options, limits: { seconds: 60, output: 1000 } }) : undefined
  afterAll(() => apart?.close())

  it.skipIf(!possible)(`a program is run as in a worker${title}`, SLOW, async () => {
    const run = (code: string) => apart!.run({ language: 'python', code, stdin: '2 3\n' })
    expect(await run('print(sum(map(int, input().split())))')).toMatchObject({
      status: 'finished',
      stdout: '5\n',
      stderr: '',
      exitCode: 0,
    })
    const failed = await run('import sys\nprint("log", file=sys.stderr)\n{}["x"]')
    expect(failed).toMatchObject({ status: 'error', reason: "KeyError: 'x'", exitCode: 1, stdout: '' })
    expect(failed.stderr).toMatch(
      /^log\nTraceback \(most recent call last\):\n {2}File "solution.py", line 3, in <module>\n/,
    )
    expect(failed.stderr).toMatch(/\nKeyError: 'x'\n$/)
    const cut = await run('import sys\nsys.stdout.write("x" * 1500)')
    expect(cut).toMatchObject({ status: 'output', stdout: 'x'.repeat(1000), exitCode: undefined })
    expect(cut.stderr).toMatch(/\[cut: it wrote more than 1000 bytes\]\n$/)
    expect(await run('import sys\nsys.exit(4)')).toMatchObject({ status: 'exit', exitCode: 4 })
  })
})

it.each([
  [{ language: 'ruby', code: '' }, /language .*ruby/],
  [{ language: 'python', code: 1 }, /code is 1/],
  [{ language: 'python', code: '', stdin: ['a'] }, /stdin is/],
  [{ language: 'python', code: '', seconds: 0 }, /seconds/],
  [null, /a program is null/],
])('refuses %j', async (program, message) => {
  await expect(verifier.run(program as unknown as MainProgram)).rejects.toThrow(message)
  await expect(verifier.run(program as unknown as MainProgram)).rejects.toMatchObject({ code: 'invalid-argument' })
})

it('ends at the signal and once the verifier is closed', SLOW, async () => {
  const own = codeVerifier({ limits: { seconds: 60 } })
  const program = { language: 'javascript', code: 'for (;;) {}' } as const
  const controller = new AbortController()
  const run = own.run(program, { signal: controller.signal })
  setTimeout(() => controller.abort(), 100)
  await expect(run).rejects.toMatchObject({ code: 'aborted' })
  expect(await own.run({ language: 'javascript', code: 'print(1)' })).toMatchObject({ stdout: '1\n' })
  own.close()
  await expect(own.run(program)).rejects.toMatchObject({ code: 'aborted', message: 'the verifier is closed' })
})
