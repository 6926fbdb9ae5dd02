import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real data lie beside the repository, if at all; a clone alone does not have them. */
const folder = fileURLToPath(new URL('../../../../../shared/data/bradley_terry/', import.meta.url))

/** True if the data are missing, and the tests that need them must be skipped. */
export const missing: boolean = !existsSync(folder)

/** A title that says what is missing where it is. */
export const titled = (title: string): string =>
  missing ? `${title} (skipped: ../shared/data/bradley_terry is not here)` : title

/** The text of a file of the data. */
export const textOf = (file: string): string => readFileSync(folder + file, 'utf8')

/** The rows of a table without its header. */
export const rowsOf = (file: string, delimiter: string): string[][] =>
  textOf(file)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(delimiter).map((cell) => cell.replace(/^"|"$/g, '')))
