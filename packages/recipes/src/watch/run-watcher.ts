import { resolve } from 'node:path'
import { applyLiveEvent, type LiveEvent, type LiveState } from '@posttrain/report'
import type { FileSystem } from '../files/file-system.js'
import { isHeldByAny } from '../files/folder-lock.js'
import { JournalFollower } from '../files/journal-follower.js'
import { nodeFileSystem } from '../files/node-file-system.js'
import { nodeProcesses, type Processes } from '../files/processes.js'
import { createRecipe } from '../recipes.js'
import { createExperiment, type Experiment, type Variant } from '../run/experiment.js'
import { readFinished } from '../run/finished-run.js'
import { JOURNAL, RESULTS, safe, WORK } from '../run/folder-layout.js'
import { readConfig } from '../run/read-config.js'
import { readTrainingRecords } from '../run/records.js'
import { workEntrySchema, type WorkEntry } from '../run/work-entry.js'
import { liveCharts, livePoint } from './live-charts.js'

/** On what a run lies, and who may be at it. */
interface Machine {
  readonly fs: FileSystem
  readonly processes: Processes
}

/** Looks at the folder of a run from outside, whoever works on it, and changes nothing. */
export class RunWatcher {
  readonly path: string
  readonly experiment: Experiment
  readonly #machine: Machine
  readonly #journals: readonly (readonly [Variant, JournalFollower<WorkEntry>])[]
  #state: LiveState

  /** @throws PosttrainError `invalid-data` for what is no run */
  constructor(path: string, machine: Machine = { fs: nodeFileSystem, processes: nodeProcesses }) {
    this.path = resolve(path)
    this.#machine = machine
    const config = readConfig(machine.fs, this.path, 'give the command')
    this.experiment = createExperiment(config, createRecipe(config.recipe))
    const { variants } = this.experiment
    this.#journals = variants.map((variant) => {
      const journal = `${this.path}/${WORK}/${safe(variant.name)}/${JOURNAL}`
      return [variant, new JournalFollower(machine.fs, journal, workEntrySchema)]
    })
    const series = variants.map(({ label }) => ({ name: label, points: [], note: WAITING }))
    this.#state = { steps: config.steps, charts: liveCharts, series, status: '', ended: false }
  }

  /** As far as it was looked at. */
  get state(): LiveState {
    return this.#state
  }

  /**
   * Looks again.
   *
   * @returns what is new, in the order in which it counts
   * @throws PosttrainError `invalid-data`, naming the file, for damage
   */
  look(): readonly LiveEvent[] {
    const finished = readFinished(this.#machine.fs, this.path, this.experiment.config)
    const events = finished
      ? this.#ending(new TextDecoder().decode(finished.files.get(RESULTS.metrics)))
      : [...this.#journals.flatMap(([variant, journal]) => newsOf(variant, journal)), ...this.#standing()]
    for (const event of events) this.#state = applyLiveEvent(this.#state, event)
    return events
  }

  /** Whether somebody is at it, where that has changed. */
  #standing(): LiveEvent[] {
    const { fs, processes } = this.#machine
    const { recipe } = this.experiment.config
    const status = isHeldByAny(fs, this.path, processes)
      ? 'The run goes on.'
      : `Nobody is at the run; continue it with: posttrain run ${recipe} --resume ${this.path}`
    return status === this.#state.status ? [] : [{ kind: 'status', status, ended: false }]
  }

  #ending(metrics: string): LiveEvent[] {
    const records = readTrainingRecords(metrics, `${this.path}/${RESULTS.metrics}`)
    const last = this.experiment.variants.flatMap(({ name, label }): LiveEvent[] => {
      const points = records.filter(({ variant }) => variant === name).map(livePoint)
      return [
        { kind: 'points', series: label, from: 0, points },
        { kind: 'note', series: label, note: MEASURED },
      ]
    })
    const status = `The run is finished; its report is ${this.path}/${RESULTS.report}`
    return [...last, { kind: 'status', status, ended: true }]
  }
}

const [WAITING, TRAINING, MEASURED] = ['waiting', 'training', 'measured']

function newsOf({ label }: Variant, journal: JournalFollower<WorkEntry>): LiveEvent[] {
  const { entries, restarted } = journal.next()
  const note = (text: string): LiveEvent => ({ kind: 'note', series: label, note: text })
  const again: LiveEvent[] = restarted ? [{ kind: 'points', series: label, from: 0, points: [] }] : []
  return [
    ...again,
    ...entries.flatMap((entry): LiveEvent[] => {
      if (entry.kind === 'measured') return [note(MEASURED)]
      if (entry.kind === 'rewards') return [note('rewards of the reference are there')]
      if (entry.kind === 'config') return [note('begun')]
      const points = entry.records.map(livePoint)
      const from = points[0]?.step ?? entry.step
      return [{ kind: 'points', series: label, from, points }, note(TRAINING)]
    }),
  ]
}
