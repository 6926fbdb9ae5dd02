import { invalidData } from '@posttrain/core'
import type { FileSystem } from '../files/file-system.js'
import { Journal } from '../files/journal.js'
import { nameFile, readNamed, type NamedFile } from '../files/named-file.js'
import { makeFolder, partialOf, writeWhole } from '../files/whole-file.js'
import { JOURNAL } from './folder-layout.js'
import type { TrainingRecord } from './records.js'
import { workEntrySchema as schema, type WorkEntry } from './work-entry.js'

/** Weights and optimizer after so many steps, so that training continues exactly. */
export interface SavedState {
  readonly step: number
  /** Of all steps before. */
  readonly records: readonly TrainingRecord[]
  readonly file: NamedFile
}

/** What is left of a variant at the end. */
export interface Measured {
  readonly samples: Uint8Array
  /** Of the trained weights. */
  readonly checkpoint: Uint8Array | undefined
}

/** Runs what writes to a folder, so that it fails in one sentence, and at once if the folder is no longer the run's. */
export type Saving = <T>(act: () => T) => T

/**
 * What an unfinished run has of one variant: a folder of files, none of which is ever changed, and a journal that names
 * them. A file that the journal does not name does not count. It has one writer.
 */
export class VariantWork {
  readonly #fs: FileSystem
  readonly #journal: Journal<WorkEntry>
  readonly #saving: Saving
  #states: readonly SavedState[] = []
  #rewards: NamedFile | undefined
  #measured: Extract<WorkEntry, { kind: 'measured' }> | undefined

  private constructor(
    fs: FileSystem,
    readonly path: string,
    journal: Journal<WorkEntry>,
    saving: Saving,
  ) {
    this.#fs = fs
    this.#journal = journal
    this.#saving = saving
    for (const entry of journal.entries) this.#take(entry)
    this.#removeOthers()
  }

  /**
   * Opens the folder of a variant, or makes it.
   *
   * @param config SHA-256 of the configuration
   * @throws PosttrainError `invalid-data` for a journal that is damaged, missing, or of another configuration
   */
  static open(fs: FileSystem, path: string, config: string, saving: Saving): VariantWork {
    const journal = saving(() => {
      makeFolder(fs, path)
      return openJournal(fs, path, config)
    })
    return saving(() => new VariantWork(fs, path, journal, saving))
  }

  /** The saved states that are kept, the newest first. */
  get states(): readonly SavedState[] {
    return [...this.#states].reverse()
  }

  /** @param records of all steps so far */
  saveState(step: number, records: readonly TrainingRecord[], state: Uint8Array): void {
    const before = this.#before(step)?.step ?? 0
    this.#save(() => ({
      kind: 'state',
      step,
      file: this.#write(`step-${step}.safetensors`, state),
      records: records.slice(before, step),
    }))
  }

  /** Leaves out a state that cannot be used. */
  dropState(state: SavedState): void {
    this.#states = this.#states.filter((one) => one !== state)
  }

  /** Rewards of the reference, as far as they were saved. @throws PosttrainError `invalid-data` if they are damaged */
  readRewards(): Uint8Array | undefined {
    return this.#rewards && this.read(this.#rewards)
  }

  /** @param tasks how many they are of */
  saveRewards(tasks: number, rewards: Uint8Array): void {
    this.#save(() => ({ kind: 'rewards', file: this.#write(`rewards-${tasks}.json`, rewards) }))
  }

  /** What was measured, if it was. @throws PosttrainError `invalid-data` if it is damaged */
  readMeasured(): Measured | undefined {
    if (!this.#measured) return undefined
    const { samples, checkpoint } = this.#measured
    return { samples: this.read(samples), checkpoint: checkpoint && this.read(checkpoint) }
  }

  saveMeasured({ samples, checkpoint }: Measured): void {
    this.#save(() => ({
      kind: 'measured',
      samples: this.#write('samples.jsonl', samples),
      checkpoint: checkpoint && this.#write('checkpoint.safetensors', checkpoint),
    }))
  }

  /** A file that the journal names. @throws PosttrainError `invalid-data` if it is damaged */
  read(file: NamedFile): Uint8Array {
    return readNamed(this.#fs, this.path, file, JOURNAL)
  }

  #write(name: string, content: Uint8Array): NamedFile {
    writeWhole(this.#fs, `${this.path}/${name}`, content)
    return nameFile(name, content)
  }

  /** Writes files, then the entry that names them, then removes those they replace. */
  #save(write: () => WorkEntry): void {
    this.#saving(() => {
      const entry = write()
      this.#journal.append(entry)
      this.#take(entry)
      this.#removeOthers()
    })
  }

  #take(entry: WorkEntry): void {
    if (entry.kind === 'rewards') this.#rewards = entry.file
    if (entry.kind === 'measured') this.#measured = entry
    if (entry.kind !== 'state') return
    const { step, file, records } = entry
    const before = this.#before(step)
    const state = { step, file, records: [...(before?.records ?? []), ...records] }
    this.#states = before ? [before, state] : [state]
  }

  /** The newest state of an earlier step. */
  #before(step: number): SavedState | undefined {
    return this.states.find((state) => state.step < step)
  }

  /**
   * Removes what is superseded, and what a kill left that the journal does not name; not where a file is missing that
   * it names, for then the journal may be the one that is damaged.
   */
  #removeOthers(): void {
    const files = [
      this.#rewards,
      this.#measured?.samples,
      this.#measured?.checkpoint,
      ...this.#states.map((s) => s.file),
    ]
    const kept = new Set([JOURNAL, ...files.flatMap((file) => (file ? [file.name] : []))])
    const names = this.#fs.list(this.path).map(({ name }) => name)
    if ([...kept].some((name) => !names.includes(name))) return
    for (const name of names) if (!kept.has(name)) this.#fs.remove(`${this.path}/${name}`)
  }
}

function openJournal(fs: FileSystem, path: string, config: string): Journal<WorkEntry> {
  const file = `${path}/${JOURNAL}`
  const journal = Journal.open(fs, file, schema)
  if (!journal) {
    const stray = fs.list(path).find(({ name }) => name !== partialOf(JOURNAL))
    if (stray) throw invalidData(`${file} is missing, but ${stray.name} is there`, trainAgain(path))
    return Journal.create(fs, file, schema, { kind: 'config', sha256: config })
  }
  const [first] = journal.entries
  if (first?.kind === 'config' && first.sha256 === config) return journal
  throw invalidData(`${file} belongs to another config.json: one of the two was changed`, 'undo that change')
}

/** What to do with the work of one variant that is lost. */
export const trainAgain = (path: string): string => `to make this variant again from the start, remove ${path}`
