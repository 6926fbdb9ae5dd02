import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeVerifier } from '../src/code-verifier.js'
import { cpythonProcesses } from '../src/engine/cpython.js'
import { namespaces } from '../src/engine/namespaces.js'
import { nodeProcess } from '../src/engine/node-process.js'
import { requireLimits } from '../src/limits.js'

const SLOW = { timeout: 120_000 }
const canary = join(tmpdir(), `posttrain-canary-${process.pid}`)
let calls = 0
const listener = createServer((_, response) => {
  calls++
  response.end()
})
let port = 0

beforeAll(async () => {
  process.env['POSTTRAIN_CANARY'] = 'seen'
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  port = (listener.address() as AddressInfo).port
})
afterAll(() => {
  delete process.env['POSTTRAIN_CANARY']
  listener.close()
  rmSync(canary, { force: true })
})

const withoutNetwork = (): readonly string[] => namespaces([]).around

const spaces = ((): boolean => {
  try {
    return withoutNetwork().length > 0
  } catch {
    return false
  }
})()

/** Programs in Python whose `f` says `out` if they got out of their interpreter. */
const python: Readonly<Record<string, string>> = {
  'a variable of the environment': 'import os\nf = lambda: "out" if "POSTTRAIN_CANARY" in os.environ else "in"',
  'a file of the machine':
    'def f():\n  try: return "out" if "root" in open("/etc/passwd").read() else "in"\n  except OSError: return "in"',
  'a file in the place of ours': `def f():\n  import os\n  os.makedirs("${tmpdir()}", exist_ok=True)\n  open("${canary}", "w").write("x")\n  return "in"`,
  'the module js': 'def f():\n  try:\n    from js import process\n    return "out"\n  except ImportError: return "in"',
  'a constructor of functions':
    'from pyodide.ffi import to_js\ndef f():\n  try: return "out " + str(to_js([]).constructor.constructor("return process.version")())\n  except TypeError: return "in"',
  'a message in our name':
    'import __main__\ndef f():\n  for role in __main__.roles:\n    for cell in role.__closure__:\n      if not hasattr(cell.cell_contents, "__code__"): cell.cell_contents(\'{"value": "in", "verdict": "passed", "kind": "done"}\')\n  return "out"',
}

/** The same in JavaScript. */
const javascript: Readonly<Record<string, string>> = {
  'a variable of the environment': 'const f = () => (typeof process === "object" ? "out" : "in")',
  'a module': 'const f = () => { try { require("node:fs"); return "out" } catch { return "in" } }',
  'a constructor of functions':
    'const f = () => { try { return "out " + console.log.constructor("return process.pid")() } catch { return "in" } }',
  'an import': 'const f = async () => { try { await import("node:fs"); return "out" } catch { return "in" } }',
}

describe.each(['worker', 'process'] as const)('isolation %s', (isolation) => {
  const verifier = codeVerifier({ isolation, limits: { seconds: 60 } })
  afterAll(() => verifier.close())

  it.each(Object.entries(isolation === 'worker' ? python : {}))('keeps Python from %s', SLOW, async (_, code) => {
    const found = await verifier.verify({ language: 'python', code, tests: { assertions: 'assert f() == "in", f()' } })
    expect(found.verdict, found.reason).toBe('passed')
    expect(existsSync(canary)).toBe(false)
  })

  it.runIf(isolation === 'worker')('ends Python that has JavaScript run a text', SLOW, async () => {
    const code = 'import ctypes\nf = lambda: ctypes.CDLL(None).emscripten_run_script_int(b"process.pid")'
    const found = await verifier.verify({ language: 'python', code, tests: { assertions: 'assert f()' } })
    expect(found).toMatchObject({ verdict: 'failed', cause: 'error' })
  })

  it.each(Object.entries(javascript))('keeps JavaScript from %s', SLOW, async (_, code) => {
    const tests = { assertions: 'const said = await f(); assert(said === "in", said)' }
    const found = await verifier.verify({ language: 'javascript', code, tests })
    expect(found.verdict, found.reason).toBe('passed')
  })
})

it('runs each program of Python in a process of its own', SLOW, async () => {
  const verifier = codeVerifier({ isolation: 'process', limits: { seconds: 60 } })
  const code = `${python['a file of the machine']!}\nimport sys\nsys.leak = 1`
  for (const text of [code, 'import sys\nf = lambda: "out" if hasattr(sys, "leak") else "in"']) {
    const program = { language: 'python', code: text, tests: { assertions: 'assert f() == "in"' } } as const
    expect(await verifier.verify(program)).toMatchObject({ verdict: 'passed' })
  }
  verifier.close()
})

/** Runs code of JavaScript where the interpreters of a level are, as if a program had found its way to it. */
function escaped(around: readonly string[], code: string): string {
  const { command, args, cwd } = nodeProcess(around, [])
  const { stdout, stderr } = spawnSync(command, [...args.slice(0, -1), '--input-type=module', '-e', code], {
    env: {},
    cwd,
  })
  return `${stdout.toString()}${stderr.toString()}`
}

const attempt = (what: string): string =>
  `try { console.log('did', String(${what}).length) } catch (e) { console.log(e.code) }`
const levels = [
  ['process', () => [], true],
  ['process-without-network', withoutNetwork, spaces],
] as const

describe.each(levels)('isolation %s, for a program that found its way to JavaScript', (_, around, possible) => {
  const title = possible ? '' : ' (skipped: no namespaces here)'

  it.skipIf(!possible)(`has no environment, no file of the machine, no process and no thread${title}`, SLOW, () => {
    const code = [
      "import fs from 'node:fs'; import cp from 'node:child_process'; import wt from 'node:worker_threads'",
      'console.log(Object.keys(process.env).length)',
      attempt("fs.readFileSync('/etc/passwd')"),
      attempt(`fs.writeFileSync(${JSON.stringify(canary)}, 'x')`),
      attempt("cp.execSync('id')"),
      attempt("new wt.Worker('1', { eval: true })"),
      attempt("process.dlopen({ exports: {} }, '/tmp/x.node')"),
    ].join('\n')
    expect(escaped(around(), code).trim().split('\n')).toEqual([
      '0',
      'ERR_ACCESS_DENIED',
      'ERR_ACCESS_DENIED',
      'ERR_ACCESS_DENIED',
      'ERR_ACCESS_DENIED',
      'ERR_DLOPEN_DISABLED',
    ])
    expect(existsSync(canary)).toBe(false)
  })

  it.skipIf(!possible)(`reaches a listener of this machine only where the README says so${title}`, SLOW, async () => {
    const before = calls
    const { command, args, cwd } = nodeProcess(around(), [])
    const code = `fetch('http://127.0.0.1:${port}').then(() => console.log('came'), () => console.log('none'))`
    const { spawn } = await import('node:child_process')
    const child = spawn(command, [...args.slice(0, -1), '-e', code], { env: {}, cwd, stdio: 'ignore' })
    await new Promise((resolve) => child.on('close', resolve))
    expect(calls - before).toBe(around().length === 0 ? 1 : 0)
  })
})

it.skipIf(!spaces)(`judges without a network${spaces ? '' : ' (skipped: no namespaces here)'}`, SLOW, async () => {
  const verifier = codeVerifier({ isolation: 'process-without-network', limits: { seconds: 60 } })
  const tests = { assertions: 'assert(f() === 1)' }
  expect(await verifier.verify({ language: 'javascript', code: 'const f = () => 1', tests })).toMatchObject({
    checks: 1,
  })
  verifier.close()
})

const cpython = ((): boolean => {
  try {
    return cpythonProcesses(requireLimits()).start !== undefined
  } catch {
    return false
  }
})()

describe.skipIf(!cpython)(`CPython${cpython ? '' : ' (skipped: no python3 or no namespaces here)'}`, () => {
  const verifier = cpython
    ? codeVerifier({ isolation: 'process-without-network', python: 'cpython', limits: { seconds: 30 } })
    : undefined
  afterAll(() => verifier?.close())

  it.each([
    ['a variable of the environment', python['a variable of the environment']!],
    [
      'a variable of another process',
      'import os\ndef f():\n  for p in os.listdir("/proc"):\n    if p.isdigit():\n      try: text = open(f"/proc/{p}/environ").read()\n      except OSError: continue\n      if "POSTTRAIN_CANARY" in text: return "out"\n  return "in"',
    ],
    [
      'writing outside of a folder that is its own',
      `import os\ndef f():\n  for path in (${JSON.stringify(import.meta.dirname)}, "/", "/var/tmp", "/dev/shm", "/tmp/run"):\n    try:\n      open(path + "/posttrain-canary", "w")\n      if path != "/dev/shm": return "out " + path\n      os.remove(path + "/posttrain-canary")\n    except OSError: pass\n  return "in"`,
    ],
    [
      'the network',
      'import socket\ndef f():\n  try: socket.create_connection(("127.0.0.1", PORT), 2)\n  except OSError: return "in"\n  return "out"',
    ],
    [
      'its privileges',
      'import os\ndef f():\n  if os.getuid() == 0 and os.path.exists("/proc/1/root/root"): return "out"\n  try: os.chroot("/tmp")\n  except OSError: return "in"\n  return "out"',
    ],
    [
      'processor time without end',
      'import resource\nf = lambda: "in" if 0 < resource.getrlimit(resource.RLIMIT_CPU)[0] <= 90 else "out"',
    ],
    [
      'many processes',
      'import os, time\ndef f():\n  try:\n    for i in range(500):\n      if os.fork() == 0: time.sleep(60)\n  except OSError: return "in"\n  return "out"',
    ],
  ])('is kept from %s', SLOW, async (_, code) => {
    const text = code.replace('PORT', String(port))
    const tests = { assertions: 'assert f() == "in", f()' }
    const found = await verifier!.verify({ language: 'python', code: text, tests })
    expect(found.verdict, found.reason).toBe('passed')
  })

  it('has the whole of Python', SLOW, async () => {
    const code = 'import asyncio, threading, subprocess\nasync def g(): return 1\nf = lambda: asyncio.run(g())'
    const found = await verifier!.verify({ language: 'python', code, tests: { assertions: 'assert f() == 1' } })
    expect(found).toMatchObject({ verdict: 'passed', checks: 1 })
  })
})

it('has no weaker isolation', () => {
  expect(() => codeVerifier({ python: 'cpython' })).toThrow('python cpython has no isolation worker')
})
