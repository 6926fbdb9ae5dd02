import { invalidData } from '@posttrain/core'
import { papaparse, type CsvBlock } from './papaparse.js'

const DELIMITERS = [',', ';', '\t']
const BLOCK = 2 ** 20

/** Columns that hold numbers, so that what Python writes as 1.0 or True is read as such. */
const NUMERIC = new Set(['reward', 'correct', 'passed', 'proxy', 'n', 'c'])

/**
 * Whether a line looks like the header of a table: two names or more, none of them empty.
 *
 * @param line without its end
 */
export function isCsvHeader(line: string): boolean {
  const names = /^["\p{L}_]/u.test(line) ? cellsOf(line) : []
  return names.length > 1 && !names.includes('')
}

/**
 * Calls back with each row of a table, by the names in its first line, and its number from 1 below that line. The
 * second column of a name is called `NAME (2)`. An empty cell is null; a cell that is written as JSON writes a number
 * or a boolean is one, and every other is text.
 *
 * @param text in CSV, with commas, semicolons or tabs; a quoted cell may hold all of them, and newlines
 * @param name of the table, for messages
 * @throws PosttrainError `invalid-data` for a row that has more or fewer cells than the first line, or an
 *   open quote; and where a column of a task or a score stands twice
 */
export function forEachCsvRow(
  text: string,
  name: string,
  onRow: (row: Readonly<Record<string, unknown>>, number: number) => void,
): void {
  const header = text.slice(0, text.search(/[\r\n]|$/))
  let names: readonly string[] | undefined
  let number = 0
  const onBlock = ({ data, errors }: CsvBlock): void => {
    for (const [i, cells] of data.entries()) {
      const where = `${name}, row ${number + 1}`
      const wrong = errors.find(({ row }) => row === i)
      if (wrong) throw invalidData(`${where}: ${QUOTES[wrong.code] ?? wrong.message}`, 'a quote within one is doubled')
      if (names === undefined) {
        names = uniqueNames(cells, name)
        continue
      }
      if (cells.length === 1 && cells[0] === '') continue
      if (cells.length !== names.length) {
        throw invalidData(`${where}: ${cells.length} cells, but the first line names ${names.length}`, 'is it cut off?')
      }
      onRow(fieldsOf(names, cells), ++number)
    }
  }
  papaparse.parse(text, {
    delimiter: delimiterOf(header),
    chunkSize: BLOCK,
    chunk: onBlock,
  })
}

const QUOTES: Readonly<Record<string, string>> = {
  MissingQuotes: 'a quoted cell is not closed',
  InvalidQuotes: 'a quoted cell goes on after its closing quote',
}

const cellsOf = (line: string): readonly string[] =>
  papaparse.parse(line, { delimiter: delimiterOf(line) }).data[0] ?? []

const delimiterOf = (line: string): string =>
  DELIMITERS.reduce((best, delimiter) => (count(line, delimiter) > count(line, best) ? delimiter : best))

const count = (line: string, delimiter: string): number => line.split(delimiter).length

function fieldsOf(names: readonly string[], cells: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    cells.map((cell, i) => [names[i]!, cell === '' ? null : NUMERIC.has(names[i]!) ? numberOf(cell) : valueOf(cell)]),
  )
}

function uniqueNames(names: readonly string[], table: string): readonly string[] {
  const counts = new Map<string, number>()
  return names.map((name) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    if (count === 1) return name
    if (!NUMERIC.has(name) && name !== 'task_id') return `${name} (${count})`
    throw invalidData(`${table}: the column ${name} stands there twice`, 'leave one of them out')
  })
}

/** The value of a cell that JSON would write alike; every other cell is text, so that it keeps its spelling. */
function valueOf(cell: string): unknown {
  if (cell === 'true' || cell === 'false') return cell === 'true'
  return String(Number(cell)) === cell && Number.isFinite(Number(cell)) ? Number(cell) : cell
}

function numberOf(cell: string): unknown {
  const text = cell.trim().toLowerCase()
  if (text === 'nan' || text === 'none' || text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return /^[-+]?[\d.]+(e[-+]?\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : cell
}
