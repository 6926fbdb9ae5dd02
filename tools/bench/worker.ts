import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A program under measurement in a process of its own, so that its CPU time is its own. */
export interface Worker {
  /** Sends one request and waits for its answer. */
  ask(request: string): Promise<unknown>
  stop(): void
}

const taskset = ['/usr/bin/taskset', '/bin/taskset'].find(existsSync)

/** True if programs can be pinned to one core here. */
export const canPin: boolean = taskset !== undefined

/** How a program is started. */
export interface WorkerOptions {
  readonly args?: readonly string[]
  /** Options of Node. */
  readonly flags?: readonly string[]
  /** False: on all cores. */
  readonly pinned?: boolean
}

/**
 * Starts a program of this folder under tsx, pinned to core 0 where that is possible.
 *
 * @param file its name, for instance `compute-ours.ts`
 */
export function startWorker(file: string, { args: given = [], flags = [], pinned = true }: WorkerOptions = {}): Worker {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const node = [process.execPath, ...flags, '--conditions=@posttrain/source', '--import', 'tsx', program, ...given]
  const [command, ...args] = taskset === undefined || !pinned ? node : [taskset, '-c', '0', ...node]
  const child: ChildProcess = spawn(command!, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        const onExit = (code: number | null): void => reject(new Error(`${file} ended with status ${code}`))
        child.once('exit', onExit)
        child.once('message', (answer) => {
          child.off('exit', onExit)
          resolve(answer)
        })
        child.send(request)
      }),
    stop: () => void child.kill(),
  }
}

/** The other side: answers each request with what its handler returns. */
export function answer(handlers: Readonly<Record<string, () => Promise<unknown>>>): void {
  process.on('message', (request: string) => {
    void handlers[request]!().then((result) => process.send!(result))
  })
}

/** Runs `work` and returns the CPU time of this process that it took, user and system, in milliseconds. */
export async function cpuMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Runs `work` and returns how long it took, in milliseconds. */
export async function wallMilliseconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - before) / 1e6
}
