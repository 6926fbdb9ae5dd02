import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { conversation } from './conversation.js'
import type { Interpreter, Said } from './interpreter.js'
import { watchMemory } from './watch-memory.js'

/** Seconds of processor time that an interpreter may need to start. */
export const STARTING = 60

/** A process to be started. */
export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** Working folder. */
  readonly cwd: string
  /** Descriptors on which we write and it reads, it writes and we read. */
  readonly channel: readonly [number, number]
  /** Its other descriptors, in their order. */
  readonly stdio: readonly ('pipe' | 'ignore')[]
}

/**
 * An interpreter in a process of its own, without environment, in a group that is killed as a whole.
 *
 * @param what for messages
 * @param bounds `memory`: bytes of resident memory beyond which it is killed; `processor`: seconds of processor time
 *   after which the system ends it, should this process be gone by then
 * @param begin writes what the process reads first
 * @throws PosttrainError `machine-failed` where it does not start
 */
export function startProcess(
  what: string,
  { command, args, cwd, channel: [to, from], stdio }: Command,
  { memory, processor }: { readonly memory: number; readonly processor: number },
  begin: (child: ChildProcess) => void,
): Promise<Interpreter> {
  const [shell, ...rest] = bounded([command, ...args], processor)
  const child = spawn(shell, rest, { cwd, env: {}, detached: true, stdio: [...stdio] })
  const input = child.stdio[to] as Writable
  const output = child.stdio[from] as Readable
  const stopWatching = watchMemory(child.pid, memory, () =>
    heard({ kind: 'died', cause: 'memory', message: 'it used too much memory' }),
  )
  const { heard, ready } = conversation(what, {
    send: (text) => input.write(`${JSON.stringify(text)}\n`),
    destroy() {
      stopWatching()
      killGroup(child)
    },
    hold(waits) {
      // Sockets are what pipes to a process are; the types of child_process know streams only.
      for (const end of [child, ...child.stdio] as readonly (Partial<Pick<ChildProcess, 'ref' | 'unref'>> | null)[]) {
        if (waits) end?.ref?.()
        else end?.unref?.()
      }
    },
  })
  for (const stream of child.stdio) stream?.on('error', () => {}) // a process that is gone reads no more
  createInterface({ input: output }).on('line', (line) => heard(readSaid(line)))
  child.on('error', ({ message }) => heard({ kind: 'died', cause: 'error', message }))
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => (complaint = `${complaint}${text.toString()}`.slice(-300)))
  child.on('close', () =>
    heard({ kind: 'died', cause: 'exit', message: complaint.trim() || 'the program ended its interpreter' }),
  )
  begin(child)
  return ready
}

/** A command with a limit of processor time, which needs a shell of POSIX. */
function bounded(command: readonly string[], seconds: number): [string, ...string[]] {
  const [first, ...rest] = command as [string, ...string[]]
  if (process.platform === 'win32') return [first, ...rest]
  return ['/bin/sh', '-c', `ulimit -t ${Math.ceil(seconds)} && exec "$0" "$@"`, first, ...rest]
}

/** What a line says; a line that says nothing known is a program's, and ends the conversation. */
function readSaid(line: string): Said | { readonly kind: 'ready' } {
  try {
    const said = JSON.parse(line) as Said
    if (['ready', 'ask', 'done', 'died'].includes(said.kind)) return said
  } catch {
    // said below
  }
  return { kind: 'died', cause: 'error', message: 'the program wrote into the conversation' }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it is gone
  }
}
