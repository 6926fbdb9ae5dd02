import { EventEmitter } from 'node:events'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { Experiment } from '../../src/run/experiment.js'
import type { RunFolder } from '../../src/run/run-folder.js'
import { runVariants, type VariantsControl } from '../../src/run/run-variants.js'
import type { FromWorker, ToWorker } from '../../src/run/worker-messages.js'

/** What a thread does when it is told to run its variant; faults cannot be had from a real one at will. */
const behaviour = vi.hoisted(() => ({ of: new Map<string, (thread: EventEmitter) => void>(), told: [] as string[] }))

vi.mock('node:worker_threads', () => ({
  Worker: class extends EventEmitter {
    #variant = ''
    postMessage(message: ToWorker): void {
      if (message.kind === 'run') this.#variant = message.variant
      behaviour.told.push(`${message.kind} ${this.#variant}`)
      if (message.kind === 'run') setImmediate(() => behaviour.of.get(this.#variant)?.(this))
      else this.emit('message', { kind: 'done', variant: this.#variant, complete: false } satisfies FromWorker)
    }
    async terminate(): Promise<void> {}
  },
}))
vi.mock('node:os', () => ({ availableParallelism: () => 2 }))

/** All of a run folder that the threads are told. */
const folder = { config: {}, path: 'run', lock: 'lock' } as unknown as RunFolder

const run = (first: (thread: EventEmitter) => void, control: Partial<VariantsControl> = {}): Promise<boolean> => {
  behaviour.of.set('a', first)
  behaviour.told.length = 0
  onTestFinished(() => behaviour.of.clear())
  const experiment = { variants: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } as unknown as Experiment
  return runVariants(experiment, folder, {
    signal: undefined,
    onProgress: () => {},
    onNotice: () => {},
    ...control,
  })
}
const KEPT = 'what was saved is kept: continue with --resume'
const failing = (code: string) => Object.assign(new Error('dead'), { code })

it.each<readonly [string, (thread: EventEmitter) => void, string]>([
  ['is ended from outside', (thread) => thread.emit('exit', 1), 'it was ended from outside'],
  ['has no memory', (thread) => thread.emit('error', failing('ERR_WORKER_OUT_OF_MEMORY')), 'no memory is left'],
  [
    'cannot start',
    (thread) => thread.emit('error', failing('ERR_WORKER_INIT_FAILED')),
    'the system starts no more threads',
  ],
])('a thread that %s is named, and the others are stopped and save', async (_, die, why) => {
  const message = `the thread of a died: ${why}`
  await expect(run(die)).rejects.toMatchObject({ code: 'machine-failed', message, hint: KEPT })
  expect(behaviour.told).toEqual(['run a', 'run b', 'stop a', 'stop b'])
})

it('a function that throws when it is told of progress ends the run once its variant has saved', async () => {
  const progress = (thread: EventEmitter): void => void thread.emit('message', { kind: 'progress', progress: {} })
  const onProgress = (): never => {
    throw new Error('no terminal')
  }
  await expect(run(progress, { onProgress })).rejects.toMatchObject({
    code: 'invalid-data',
    message: 'onProgress failed on a: no terminal',
  })
  expect(behaviour.told).toEqual(['run a', 'run b', 'stop a', 'stop a', 'stop b'])
})
