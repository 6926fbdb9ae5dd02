import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Real data lie beside the repository, if at all; a clone alone does not have them. */
const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url))

/** True if these data are missing, and the tests that need them must be skipped. */
export const missing = (name: string): boolean => !existsSync(folder + name)

/** A title that says what is missing where it is. */
export const titled = (title: string, name: string): string =>
  missing(name) ? `${title} (skipped: ../shared/data/${name} is not here)` : title

/** A JSON file of the data. */
export const json = (path: string): unknown => JSON.parse(readFileSync(folder + path, 'utf8'))

/** A JSON Lines file of the data. */
export const jsonLines = (path: string): unknown[] =>
  readFileSync(folder + path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
