import { createRequire } from 'node:module'

/** What is wrong with a row, and its place within its block. */
export interface CsvError {
  readonly code: string
  readonly message: string
  readonly row?: number
}

/** A block of rows, each a list of cells. */
export interface CsvBlock {
  readonly data: readonly (readonly string[])[]
  readonly errors: readonly CsvError[]
}

interface Settings {
  readonly delimiter: string
  /** Characters that are parsed at once. */
  readonly chunkSize?: number
  readonly chunk?: (block: CsvBlock) => void
}

/** What is used of papaparse: it has no types of its own, and those that others wrote want a browser's. */
export const papaparse: { parse(text: string, settings: Settings): CsvBlock } = createRequire(import.meta.url)(
  'papaparse',
) as { parse(text: string, settings: Settings): CsvBlock }
