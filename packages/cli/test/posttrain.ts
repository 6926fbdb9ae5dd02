import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const LOADER = [`--import=${new URL('./typescript-loader.mjs', import.meta.url)}`, '--conditions=@posttrain/source']

/** Arguments of node that run the command from its sources. */
export const COMMAND: readonly string[] = [...LOADER, MAIN]

/** How a command ended, and what it said. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command from its sources; `interruptWhen` is polled, and once true the command gets a Ctrl-C. */
export const posttrain = (
  args: readonly string[],
  cwd: string,
  interruptWhen?: () => boolean,
  stdin: string | Buffer = '',
): Promise<Ended> => ended(process.execPath, [...COMMAND, ...args], { cwd, interruptWhen, stdin })

/** What a program is run with. */
interface Surroundings {
  readonly cwd: string
  /** Variables of the environment beside those there are. */
  readonly env?: Readonly<Record<string, string>>
  readonly interruptWhen?: (() => boolean) | undefined
  readonly stdin?: string | Buffer
}

/** Runs a program until it ends. */
export function ended(program: string, args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const { cwd, env, interruptWhen, stdin = '' } = surroundings
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' })
    child.stdin.on('error', () => {}) // a command that fails early does not read it
    child.stdin.end(stdin)
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk) => (stdout += chunk))
    child.stderr.on('data', (chunk) => (stderr += chunk))
    const poll = setInterval(() => {
      if (!interruptWhen?.()) return
      clearInterval(poll)
      child.kill('SIGINT')
    }, 20)
    child.on('error', reject)
    child.on('close', (status) => {
      clearInterval(poll)
      resolve({ status, stdout, stderr })
    })
  })
}

/** A new empty folder. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'posttrain-'))
