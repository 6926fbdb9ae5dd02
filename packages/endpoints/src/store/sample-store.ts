import { createHash } from 'node:crypto'
import { addUsage, invalidData, shown, type Sample, type Usage } from '@posttrain/core'
import type { SampleStore } from '@posttrain/sampling'
import { migrate } from './schema.js'
import { sqliteEngine, withFile, type SqlDatabase, type SqlStatement } from './sqlite.js'
import { prepareAll, type PageRow, type SumRow } from './statements.js'
import { rowFromLine, rowToLine, sampleFromJson, sampleToJson } from './stored-row.js'

/** Which samples of a file are meant. */
export interface OpenStoreOptions {
  /**
   * Names what draws: the server, the model, and whatever else its samples depend on beside the request. Samples of
   * another sampler are not seen.
   */
  readonly sampler: string
}

/** What a store holds of one sampler. */
export interface StoreTotals {
  readonly samples: number
  /** What they cost. */
  readonly usage: Usage
  /** Attempts that failed, and what those cost. */
  readonly failed: number
  readonly failedUsage: Usage
}

/** Samples in a SQLite file: what was kept outlives a crash of the program or the machine. */
export interface DurableSampleStore extends SampleStore {
  /** Notes what a failed sample cost; it is asked for again. */
  putFailed(key: string, sample: Sample): void
  /** What there is of this sampler. */
  totals(): StoreTotals
  /** All samples of this sampler as lines of JSON, for `importLines` of another store or any other program. */
  lines(): Iterable<string>
  /**
   * Takes samples that a store has exported, of whatever sampler. One that is there already stays.
   *
   * @param name of what the lines are from, for messages
   * @returns how many were new
   * @throws PosttrainError `invalid-data` with the line; those before it are kept
   */
  importLines(lines: Iterable<string> | AsyncIterable<string>, name: string): Promise<number>
  /** Lets the file go, whole. */
  close(): void
}

/** Rows that are read at a time. */
const PAGE = 1_000
/** Requests whose numbers are remembered. */
const REMEMBERED = 10_000

/**
 * Opens a file of samples, or begins one.
 *
 * A sample is kept under all that makes it what it is (the sampler, and the request's seed, id, prompt, prefix and
 * options) and its index, so that a changed setting begins anew and the dependent draws of a search resume too. Each is
 * on the disk before `put` returns. Two processes may share a file: what both draw is kept once.
 *
 * @param file of SQLite; its folder must be there
 * @returns a store for `stored`
 * @throws PosttrainError `unsupported` without a SQLite engine; `invalid-data` for a file that is none of ours;
 *   `machine-failed` where it cannot be opened
 * @example
 * ```ts no-run
 * const store = await openSampleStore('samples.db', { sampler: 'http://localhost:8000 Qwen/Qwen2.5-0.5B' })
 * const sampler = stored(endpoint, store)
 * ```
 */
export async function openSampleStore(file: string, { sampler }: OpenStoreOptions): Promise<DurableSampleStore> {
  const Engine = await sqliteEngine()
  const database = withFile(file, () => new Engine(file))
  try {
    withFile(file, () => migrate(database, file))
    return new SqliteStore(file, database, sampler)
  } catch (error) {
    database.close()
    throw error
  }
}

class SqliteStore implements DurableSampleStore {
  readonly #file: string
  readonly #database: SqlDatabase
  readonly #sampler: string
  readonly #statements: ReturnType<typeof prepareAll>
  /** Numbers of requests, by sampler and key. */
  readonly #requests = new Map<string, number>()

  constructor(file: string, database: SqlDatabase, sampler: string) {
    this.#file = file
    this.#database = database
    this.#sampler = sampler
    this.#statements = withFile(file, () => prepareAll(database))
  }

  get(key: string, index: number): Sample | undefined {
    return withFile(this.#file, () => {
      const request = this.#known(this.#sampler, key)
      if (request === undefined) return undefined
      const found = this.#statements.sample.get(request, index) as { readonly sample: string } | undefined
      return found && sampleFromJson(found.sample)
    })
  }

  put(key: string, sample: Sample): void {
    withFile(this.#file, () => this.#keep(this.#sampler, key, sample))
  }

  putFailed(key: string, { index, failure = 'no reason is given', usage }: Sample): void {
    withFile(this.#file, () => {
      const { promptTokens, completionTokens, cost } = usage
      const request = this.#numbered(this.#sampler, key)
      this.#statements.fail.run(request, index, failure, promptTokens, completionTokens, cost ?? null)
    })
  }

  totals(): StoreTotals {
    return withFile(this.#file, () => {
      const sum = (statement: SqlStatement): SumRow => statement.get(this.#sampler) as SumRow
      const [kept, failed] = [sum(this.#statements.kept), sum(this.#statements.failed)]
      return { samples: kept.n, usage: usageOf(kept), failed: failed.n, failedUsage: usageOf(failed) }
    })
  }

  *lines(): Generator<string> {
    for (let [request, index] = [-1, -1]; ;) {
      const page = withFile(this.#file, () => this.#statements.page.all(this.#sampler, request, request, index, PAGE))
      for (const one of page as readonly PageRow[]) {
        yield rowToLine({ sampler: this.#sampler, key: one.key, sample: sampleFromJson(one.sample) })
        ;[request, index] = [one.request, one.position]
      }
      if (page.length < PAGE) return
    }
  }

  async importLines(lines: Iterable<string> | AsyncIterable<string>, name: string): Promise<number> {
    let [line, added] = [0, 0]
    for await (const text of lines) {
      line++
      if (text.trim() === '') continue
      const { sampler, key, sample } = rowFromLine(text, `${name}, line ${line}`)
      if (withFile(this.#file, () => this.#keep(sampler, key, sample))) added++
    }
    return added
  }

  close(): void {
    // Into the one file, so that a copy of it is whole; it waits for nobody, and another process may do it later.
    withFile(this.#file, () => this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all())
    this.#database.close()
  }

  /** @returns whether it is new */
  #keep(sampler: string, key: string, sample: Sample): boolean {
    if (sample.finish === 'failed') {
      throw invalidData(`sample ${sample.index} of ${shown(sample.id)} failed`, 'a failed sample is asked for again')
    }
    const { promptTokens, completionTokens, cost } = sample.usage
    const request = this.#numbered(sampler, key)
    const values = [request, sample.index, sampleToJson(sample), promptTokens, completionTokens, cost ?? null] as const
    return this.#statements.keep.get(...values) !== undefined
  }

  /** The number of a request, if there is one. */
  #known(sampler: string, key: string): number | undefined {
    const name = nameOf(sampler, key)
    const known = this.#requests.get(name)
    if (known !== undefined) return known
    const found = this.#statements.request.get(name) as { readonly number: number } | undefined
    return found && this.#remember(name, found.number)
  }

  /** The number of a request, which it is given where it has none. */
  #numbered(sampler: string, key: string): number {
    const known = this.#known(sampler, key)
    if (known !== undefined) return known
    const name = nameOf(sampler, key)
    this.#statements.begin.run(name, sampler, key) // another process may have been faster: it is looked up
    return this.#remember(name, (this.#statements.request.get(name) as { readonly number: number }).number)
  }

  #remember(name: string, number: number): number {
    if (this.#requests.size >= REMEMBERED) this.#requests.clear()
    this.#requests.set(name, number)
    return number
  }
}

const usageOf = ({ n, prompt, completion, cost, priced }: SumRow): Usage =>
  addUsage([{ promptTokens: prompt, completionTokens: completion, ...(priced === n ? { cost } : {}) }])

/** A name of fixed length for what may be a long prompt. */
const nameOf = (sampler: string, key: string): string =>
  createHash('sha256')
    .update(JSON.stringify([sampler, key]))
    .digest('hex')
