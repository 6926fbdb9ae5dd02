import type { RowFields } from '../row-fields.js'

/** What a reader is told beside the record. */
export interface Place {
  /** File and number of the row that is next, for messages. */
  readonly where: string
  /** What the file is called. */
  readonly file: string
}

/** Turns a record of a file into rows of ours. */
export type RecordReader = (record: RowFields, place: Place) => Iterable<RowFields>

/** What a reader can be asked for. */
export interface ReaderOptions {
  /** Which of several scores is the reward. */
  readonly score: string | undefined
  /** What hints call that option. */
  readonly scoreOption: string
  /** Told of the score that was taken where the file names one as its main among several. */
  readonly onScore: (name: string) => void
}

/** A format as a person chooses it. */
export interface LogFormat {
  readonly name: string
  /** What it is, for people. */
  readonly title: string
  /** The version of the program whose file it was tried on. */
  readonly triedOn: string
}

/**
 * A format of a file that another program writes: records in the fields of that program, which a reader turns into
 * rows in the fields of ours. Dimensions keep their plain names: `model`, `filter`, `template`, `provider`,
 * `benchmark`; `sample` tells samples of one task apart. What a sample cost, where the file says it, is `cost` (money),
 * `tokens` (read and drawn), `seconds` or `milliseconds`.
 */
export interface Format extends LogFormat {
  /** Whether a record is of this format; the first of a file decides. */
  readonly recognises: (record: RowFields) => boolean
  /** A reader for one file. */
  readonly reader: (options: ReaderOptions) => RecordReader
  /** What rows are counted in where one record holds many, for instance `sample`; without it rows are at the record. */
  readonly unit?: string
}
