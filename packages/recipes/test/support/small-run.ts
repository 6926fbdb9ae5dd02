import { PosttrainError } from '@posttrain/core'
import { sha256 } from '../../src/files/named-file.js'
import type { RunConfig } from '../../src/run/config.js'
import type { TrainingRecord } from '../../src/run/records.js'
import type { FinishedRun } from '../../src/run/finished-run.js'
import { checkpointOf, RESULTS } from '../../src/run/folder-layout.js'
import { RunFolder, type Machine } from '../../src/run/run-folder.js'
import { takeUpState } from '../../src/run/take-up-state.js'
import type { VariantWork } from '../../src/run/variant-work.js'
import { MemoryFileSystem } from './memory-file-system.js'

export const PATH = '/disk/runs/small'
const VARIANTS = ['checkpoint', 'mean']
const [STEPS, STEPS_PER_STATE] = [7, 2]

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const BASE = bytes('weights before training')

const config: RunConfig = {
  recipe: 'game24',
  algorithms: VARIANTS.slice(1),
  steps: STEPS,
  promptsPerStep: 1,
  samplesPerPrompt: 4,
  learningRate: 1,
  seed: 0,
  device: 'wasm',
  samplesPerTask: 4,
  heldOutTasks: 2,
  checkpoint: sha256(BASE),
}

/** A disk with a folder for runs. */
export function newDisk(): MemoryFileSystem {
  const fs = new MemoryFileSystem()
  fs.makeFolder('/disk')
  fs.restart(() => true)
  fs.count = 0
  return fs
}

let processes = 0

/** What a run told of itself. */
export interface Diary {
  /** Steps of each variant that were saved. */
  readonly saved: Map<string, number>
  /** Where each variant went on. */
  readonly starts: Map<string, number>
  readonly notices: string[]
}

export const newDiary = (): Diary => ({ saved: new Map(), starts: new Map(), notices: [] })

/**
 * The writing of a run, operation by operation, with a training that is a chain of hashes. It starts the run, or
 * continues it, in a process of its own, which is the only one alive.
 */
export async function smallRun(fs: MemoryFileSystem, diary: Diary = newDiary()): Promise<void> {
  const own = `${++processes}-1`
  const machine: Machine = { fs, processes: { own, isAlive: (name) => name === own } }
  const folder = await openOrCreate(machine)
  if (!(folder instanceof RunFolder)) return
  try {
    restoreBase(folder)
    for (const variant of VARIANTS) await smallVariant(folder.workOf(variant), variant, folder.readBase(), diary)
    folder.finish(resultOf(folder))
  } finally {
    folder.release()
  }
}

/** Runs to the given sabotage. @returns what it ended with */
export async function endOf(fs: MemoryFileSystem, diary: Diary): Promise<unknown> {
  try {
    await smallRun(fs, diary)
    return undefined
  } catch (error) {
    return error
  }
}

async function openOrCreate(machine: Machine): Promise<RunFolder | FinishedRun> {
  try {
    return await RunFolder.open(PATH, machine)
  } catch (error) {
    if (!(error instanceof PosttrainError) || !error.message.includes('is no run folder')) throw error
    try {
      return await RunFolder.create(PATH, config, BASE, machine)
    } catch (failure) {
      throw failure instanceof PosttrainError && failure.message.includes('is not an empty folder') ? error : failure
    }
  }
}

function restoreBase(folder: RunFolder): void {
  try {
    folder.readBase()
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    folder.writeBase(BASE)
  }
}

async function smallVariant(work: VariantWork, variant: string, base: Uint8Array, diary: Diary): Promise<void> {
  const onNotice = (notice: string): number => diary.notices.push(notice)
  if (readable(() => work.readMeasured(), onNotice)) return
  let weights = sha256(base)
  if (variant !== 'checkpoint') {
    if (!readable(() => work.readRewards(), onNotice)) work.saveRewards(3, bytes(`rewards of ${variant}`))
    const load = async (state: unknown): Promise<void> => {
      weights = new TextDecoder().decode(state as Uint8Array)
    }
    const { start, records } = await takeUpState({ load }, work, { onNotice })
    diary.starts.set(variant, start)
    for (let step = start; step < STEPS; step++) {
      weights = sha256(`${variant} ${step} ${weights}`)
      records.push(recordOf(variant, step, weights))
      if ((step + 1) % STEPS_PER_STATE !== 0 && step + 1 !== STEPS) continue
      work.saveState(step + 1, records, bytes(weights))
      diary.saved.set(variant, step + 1)
    }
  }
  const checkpoint = variant === 'checkpoint' ? undefined : bytes(`trained ${weights}`)
  work.saveMeasured({ samples: bytes(`samples of ${variant} by ${weights}\n`), checkpoint })
}

function readable<T>(read: () => T | undefined, onNotice: (notice: string) => void): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    onNotice(error.message)
    return undefined
  }
}

const recordOf = (variant: string, step: number, weights: string): TrainingRecord => ({
  kind: 'training',
  variant,
  step,
  reward: Number.parseInt(weights.slice(0, 4), 16) / 65536,
  objective: 0,
  solved: 0,
  entropy: 1,
  informative: 1,
  gradientNorm: 1,
  tokens: 1,
})

function resultOf(folder: RunFolder): Map<string, Uint8Array> {
  const all = VARIANTS.map((variant) => ({ variant, work: folder.workOf(variant) }))
  const left = all.map(({ variant, work }) => ({ variant, records: work.states[0]?.records, ...work.readMeasured()! }))
  return new Map([
    ...left.map(({ variant, checkpoint }) => [checkpointOf(variant), checkpoint ?? folder.readBase()] as const),
    [RESULTS.samples, bytes(left.map(({ samples }) => new TextDecoder().decode(samples)).join(''))],
    [RESULTS.metrics, bytes(JSON.stringify(left.map(({ records }) => records)))],
    [RESULTS.report, bytes('<p>report')],
  ])
}
