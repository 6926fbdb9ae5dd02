import { invalidData } from '@posttrain/core'
import { Dimensions } from './fields/dimensions.js'
import { fieldAt, textOf } from './fields/field-at.js'
import { indexesOf } from './fields/field-kinds.js'
import type { RowRules } from './fields/row-rules.js'
import { wrongField } from './fields/wrong-field.js'
import { LogBuilder, type LogBuilderOptions } from './log-builder.js'
import { placeOf, type LogFile } from './log-file.js'
import { nameOfOption } from './option-names.js'
import { parseRow, type LogRow } from './parse-row.js'
import { requireCosts, requireScores } from './require-numbers.js'
import type { RowFields } from './row-fields.js'
import type { TaskLog } from './task-log.js'

/** Logs that one reading makes. */
const MOST_GROUPS = 1000

/** The rows of one run. */
export interface LogRun {
  readonly run: string
  readonly log: TaskLog
}

/** The rows that agree in the fields a log was grouped by. */
export interface LogGroup {
  /** Their value of each of these fields; undefined where they have none. */
  readonly values: readonly (string | undefined)[]
  /** Of all runs. */
  readonly log: TaskLog
  /** In the order of first appearance; empty where nothing tells runs apart. */
  readonly runs: readonly LogRun[]
}

/** What rows are told apart by. */
type OpenGroupsOptions = RowRules &
  LogBuilderOptions & { readonly groupBy: readonly string[] | undefined; readonly runs: string | undefined }

/** The rows of a group while they are read. */
interface OpenGroup {
  readonly values: readonly (string | undefined)[]
  readonly builder: LogBuilder
  readonly dimensions: Dimensions
  readonly runs: Map<string, LogBuilder>
}

/** The logs that rows are put into, as they are read. */
export class OpenGroups {
  readonly #groups = new Map<string, OpenGroup>()
  readonly #options: OpenGroupsOptions

  constructor(options: OpenGroupsOptions) {
    this.#options = options
  }

  /**
   * Takes a row.
   *
   * @returns undefined for a row that says again what one before has said
   * @throws PosttrainError `invalid-data` for a row that is not understood or must not be mixed with those before
   */
  add(fields: RowFields, file: LogFile, number: number): LogRow | undefined {
    const where = placeOf(file, number)
    const { builder, dimensions, runs } = this.#groupOf(fields, where)
    dimensions.require(fields, where)
    const row = parseRow(fields, where, this.#rulesFor(fields))
    if (!builder.add(row, file, number)) return undefined
    if (this.#options.runs !== undefined) {
      const run = runOf(fields, this.#options.runs, where)
      let ofRun = runs.get(run)
      if (ofRun === undefined) runs.set(run, (ofRun = new LogBuilder(this.#options)))
      ofRun.add(row, file, number)
    }
    return row
  }

  /** The logs, in the order of first appearance. @throws PosttrainError where scores or costs are called otherwise */
  finish(): readonly LogGroup[] {
    const groups = [...this.#groups.values()]
    const builders = groups.map(({ builder }) => builder)
    requireCosts(builders, this.#options)
    return groups.map(({ values, builder, runs }) => ({
      values,
      log: requireScores(builder.finish(), this.#options),
      runs: Array.from(runs, ([run, ofRun]) => ({ run, log: ofRun.finish() })),
    }))
  }

  #groupOf(fields: RowFields, where: string): OpenGroup {
    const { groupBy, optionNames } = this.#options
    const values = (groupBy ?? []).map((name) => textOf(fieldAt(fields, name)))
    const key = JSON.stringify(values.map((value) => value ?? null))
    const known = this.#groups.get(key)
    if (known) return known
    if (this.#groups.size === MOST_GROUPS) {
      throw invalidData(
        `${where}: the rows have more than ${MOST_GROUPS} values of ${(groupBy ?? []).join(', ')}`,
        `${nameOfOption('groupBy', optionNames)} is for fields with few values`,
      )
    }
    const dimensions = new Dimensions({ pool: this.#maySpread(), canGroup: groupBy !== undefined, optionNames })
    const group = { values, builder: new LogBuilder(this.#options), dimensions, runs: new Map<string, LogBuilder>() }
    this.#groups.set(key, group)
    return group
  }

  /** Fields that may differ between rows: those that are mixed, and those of which was said what they are. */
  #maySpread(): readonly string[] {
    const { runs, pool = [], fields: { id, sample, cluster, tag } = {} } = this.#options
    return [...pool, ...[runs, id, sample, cluster, tag].filter((name) => name !== undefined)]
  }

  /** Samples of different runs are different ones, also where each run numbers them from 0. */
  #rulesFor(fields: RowFields): RowRules {
    const { runs, pool = [] } = this.#options
    if (runs === undefined || indexesOf(fields).join() === runs) return this.#options
    return { ...this.#options, pool: [...pool, runs] }
  }
}

function runOf(fields: RowFields, name: string, where: string): string {
  const run = textOf(fieldAt(fields, name))
  if (run === undefined) throw wrongField(where, name, 'must be in every row', undefined, 'it tells runs apart')
  return run
}
