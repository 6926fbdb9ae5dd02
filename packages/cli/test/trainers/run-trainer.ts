import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pythonShim, type ShimTrainer } from '@posttrain/server'
import { afterAll, beforeAll } from 'vitest'
import { COMMAND, emptyFolder, ended } from '../posttrain.js'

const HERE = fileURLToPath(new URL('.', import.meta.url))

/** What clients of the server must know. */
const TOKEN = 'a-secret'

/** The variables of the environment that name interpreters, which `.ci/run` makes of the requirements in this folder. */
type Interpreter = 'TRAINERS_PYTHON' | 'VERIFIERS_PYTHON'

/** Why a module of Python cannot be run here, for the title of its tests. */
export function missing(interpreter: Interpreter, module: string): string {
  const python = process.env[interpreter]
  if (python === undefined) return ` (skipped: the environment variable ${interpreter} names no interpreter)`
  const look = `import importlib.util as u; raise SystemExit(u.find_spec("${module}") is None)`
  try {
    execFileSync(python, ['-c', look], { stdio: 'ignore' })
    return ''
  } catch {
    return ` (skipped: ${python} has no ${module}; the requirements are in test/trainers)`
  }
}

/** A server of rewards. */
export interface ServedRewards {
  readonly url: () => string
  /** The URL of a form, with the token in it, for a client that takes nothing else. */
  readonly withToken: (path: string) => string
}

/** A server that the command starts before the tests and Ctrl-C ends after them. */
export function servedRewards(reward: string): ServedRewards {
  const args = [...COMMAND, 'serve', 'rewards', '--reward', reward, '--port', '0']
  const env = { ...process.env, POSTTRAIN_TOKEN: TOKEN }
  let url = ''
  let stop = async (): Promise<void> => {}
  beforeAll(async () => {
    const server = spawn(process.execPath, args, { cwd: HERE, env, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = once(server, 'exit')
    stop = async () => {
      server.kill('SIGINT')
      await ended
    }
    url = String((await Promise.race([once(server.stdout, 'data'), ended]))[0]).trim()
  }, 120_000)
  afterAll(() => stop(), 120_000)
  return { url: () => url, withToken: (path) => `${url}${path}?token=${TOKEN}` }
}

/** A program of this folder, and what it is given. */
export interface TrainerRun {
  readonly interpreter: Interpreter
  readonly program: string
  readonly args?: readonly string[]
  /** The shim that it imports. */
  readonly shim?: { readonly trainer: ShimTrainer; readonly url: string }
}

/** What the program says at its end: a line with RESULT and JSON. */
export async function runTrainer<Result>({ interpreter, program, args = [], shim }: TrainerRun): Promise<Result> {
  const cwd = emptyFolder()
  try {
    if (shim) writeFileSync(`${cwd}/posttrain_${shim.trainer}.py`, pythonShim(shim.trainer, { url: shim.url }))
    const env = { POSTTRAIN_TOKEN: TOKEN, PYTHONPATH: `${cwd}:${HERE}`, HF_HUB_OFFLINE: '1' }
    const { status, stdout, stderr } = await ended(process.env[interpreter]!, [HERE + program, ...args], { cwd, env })
    const said = /^RESULT (.*)$/m.exec(stdout)?.[1]
    if (said === undefined) throw new Error(`${program} ended with ${status}: ${stderr.slice(-4000)}`)
    return JSON.parse(said) as Result
  } finally {
    rmSync(cwd, { recursive: true })
  }
}
