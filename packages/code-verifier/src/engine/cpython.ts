import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { unsupported } from '@posttrain/core'
import type { Limits } from '../limits.js'
import type { Engine } from './interpreter.js'
import { namespaces } from './namespaces.js'
import { STARTING, startProcess } from './process.js'

const RUNTIME = new URL('../../runtime/', import.meta.url)
const source = (name: string): string => readFileSync(new URL(`python/${name}.py`, RUNTIME), 'utf8')

/** What CPython needs beside a program's memory, in bytes. */
const OVERHEAD = 64 * 2 ** 20

/**
 * The machine's Python, each program in a process that sees all file systems read-only, an empty /tmp and no network.
 *
 * @throws PosttrainError `unsupported` where there is no `python3`, or no namespaces to keep it apart
 */
export function cpythonProcesses({ seconds, memory, output }: Limits): Engine {
  const { prefix, program } = installation()
  const { around, root } = namespaces(['--mount'])
  const apart = ['sh', fileURLToPath(new URL('apart.sh', RUNTIME)), root ? 'nobody' : 'same', prefix]
  const [command, ...args] = [...around, ...apart, program, '-I', '-X', 'utf8', '-c', source('main')]
  const names = JSON.parse(readFileSync(new URL('python/sources.json', RUNTIME), 'utf8')) as readonly string[]
  const sources = names.map((name) => [name, source(name)])
  const settings = `${JSON.stringify({ sources, memory: memory + OVERHEAD, output })}\n`
  const stdio = ['pipe', 'pipe', 'pipe'] as const
  return {
    start: () =>
      startProcess(
        'CPython',
        { command: command, args, cwd: '/', channel: [0, 1], stdio },
        { memory: memory + 2 * OVERHEAD, processor: seconds + STARTING },
        (child) => child.stdin?.write(settings),
      ),
  }
}

/** Where the machine's Python is, and its program as the sandbox sees it. */
function installation(): { readonly prefix: string; readonly program: string } {
  const code = 'import os, sys; print(sys.base_prefix); print(os.path.realpath(sys.executable))'
  const { status, stdout } = spawnSync('python3', ['-c', code], { encoding: 'utf8' })
  const [prefix, program] = status === 0 ? stdout.trim().split('\n') : []
  if (prefix !== undefined && program?.startsWith(`${prefix}/`)) {
    return { prefix, program: `/tmp/run${program.slice(prefix.length)}` }
  }
  throw unsupported('python cpython needs a python3 on the PATH', 'install it, or leave python out to run Pyodide')
}
