import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll } from 'vitest'
import { newFile } from '../store/folder.js'

/** The variables of the environment that name interpreters: with requirements.txt of this folder, and with vLLM. */
type Interpreter = 'SERVERS_PYTHON' | 'VLLM_PYTHON'

/** Why a server cannot be run here, for the title of its tests. */
export function missing(interpreter: Interpreter, module: string): string {
  const python = process.env[interpreter]
  if (python === undefined) return ` (skipped: the environment variable ${interpreter} names no interpreter)`
  const look = `import importlib.util as u; raise SystemExit(u.find_spec("${module}") is None)`
  try {
    execFileSync(python, ['-c', look], { stdio: 'ignore' })
    return ''
  } catch {
    return ` (skipped: ${python} has no ${module}; the requirements are in test/servers)`
  }
}

/**
 * A server that runs while the tests of a block do.
 *
 * @param argumentsOf of the interpreter; files are made when the tests begin
 * @returns its URL, which it says once it runs
 */
export function realServer(
  interpreter: Interpreter,
  argumentsOf: () => readonly string[],
  variables: Readonly<Record<string, string>> = {},
): () => string {
  let url = ''
  let server: ChildProcess | undefined
  beforeAll(async () => {
    server = spawn(process.env[interpreter]!, argumentsOf(), {
      detached: true, // a group of its own, which ends as a whole
      env: { ...process.env, HF_HUB_OFFLINE: '1', HF_HOME: newFile('cache'), PYTHONUNBUFFERED: '1', ...variables },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    url = await saidUrl(server)
  }, 120_000)
  afterAll(async () => {
    if (server?.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    process.kill(-server.pid!, 'SIGKILL')
    await ended
  })
  return () => url
}

/** The first URL that a server says, on either stream, once it is ready. */
const saidUrl = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const url = /(?:LISTENING|running on|server on) (http:\/\/[\d.]+:\d+)\b/.exec(said)?.[1]
      if (url !== undefined && /LISTENING|startup complete/.test(said)) resolve(url)
    }
    server.stdout!.on('data', hear)
    server.stderr!.on('data', hear)
    server.on('error', reject)
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said.slice(-4000)}`)))
  })
