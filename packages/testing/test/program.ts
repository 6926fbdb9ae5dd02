import { spawn } from 'node:child_process'

/** How a program ended, and all that it said, without colours. */
export interface Ended {
  readonly status: number | null
  readonly output: string
}

/** What the runner of these tests sets for itself. */
const RUNNERS = /^(NODE_|NX_|VITEST|FORCE_COLOR$|CI$)/

/** Runs a program of Node in a process of its own, without the environment of the runner of these tests. */
export function node(args: readonly string[], cwd: string): Promise<Ended> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !RUNNERS.test(name)))
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
  })
}
