import { spawn, type ChildProcess } from 'node:child_process'
import { afterEach, expect } from 'vitest'
import { COMMAND, emptyFolder } from './posttrain.js'

/** A server of the command, once it has said where it is. */
export interface Served {
  readonly url: string
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly status: number | null; readonly stderr: string }>
  get(path: string): Promise<Response>
  post(path: string, body: unknown): Promise<Response>
}

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

/**
 * Starts a server of the command on a free port; it is killed after the test, if it has not ended.
 *
 * @param args for instance `serve rewards` with its options
 */
export async function serve(args: readonly string[], cwd: string = emptyFolder()): Promise<Served> {
  const env = { ...process.env, POSTTRAIN_TOKEN: 'secret' }
  const child = spawn(process.execPath, [...COMMAND, ...args, '--port', '0'], { cwd, env })
  running.push(child)
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<{ status: number | null; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stderr })),
  )
  await Promise.race([ended, expect.poll(() => stdout, { timeout: 30_000 }).toMatch(/\n$/)])
  const url = stdout.trim()
  const headers = { 'content-type': 'application/json', authorization: 'Bearer secret' }
  return {
    url,
    child,
    ended,
    get: (path) => fetch(url + path, { headers }),
    post: (path, body) => fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) }),
  }
}
