import { vi } from 'vitest'
import { endingOf } from '../src/ending.js'
import { guardCommand } from '../src/output.js'
import { createProgram } from '../src/program.js'
import type { Ended } from './posttrain.js'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs the command in this process, which takes milliseconds where a process of its own takes seconds. */
export async function posttrainHere(args: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  const capture = (name: 'stdout' | 'stderr'): { mockRestore(): void } =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      said[name] += String(chunk)
      return true
    })
  const captured = [capture('stdout'), capture('stderr')]
  // A command listens until its process ends, which this one does not.
  const listeners = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const)
  try {
    await guardCommand(await createProgram(args[0])).parseAsync([...args], { from: 'user' })
    return { status: 0, ...said }
  } catch (error) {
    const { status, text } = endingOf(error)
    return { status, stdout: said.stdout, stderr: said.stderr + text }
  } finally {
    captured.forEach((spy) => spy.mockRestore())
    for (const [signal, before] of listeners) {
      for (const one of process.listeners(signal)) if (!before.includes(one)) process.off(signal, one)
    }
  }
}
