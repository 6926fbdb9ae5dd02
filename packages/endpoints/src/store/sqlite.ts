import { invalidData, machineFailed, PosttrainError, reasonOf, shown, unsupported } from '@posttrain/core'

/** What a column holds here. */
export type SqlValue = string | number | null

/** A prepared statement. */
export interface SqlStatement {
  run(...values: readonly SqlValue[]): unknown
  get(...values: readonly SqlValue[]): unknown
  all(...values: readonly SqlValue[]): readonly unknown[]
}

/** The part of a SQLite engine that is needed here: `node:sqlite` and `libsql` both have it. */
export interface SqlDatabase {
  exec(sql: string): unknown
  prepare(sql: string): SqlStatement
  close(): unknown
}

type Engine = new (file: string) => SqlDatabase

/**
 * The SQLite engine of this platform: Node's own where it has one, else libsql.
 *
 * @throws PosttrainError `unsupported` where there is neither
 */
export async function sqliteEngine(): Promise<Engine> {
  const own = (await imported('node:sqlite')) as { readonly DatabaseSync?: Engine } | undefined
  if (own?.DatabaseSync) return own.DatabaseSync
  const libsql = (await imported('libsql')) as { readonly default?: Engine } | undefined
  if (libsql?.default) return libsql.default
  throw unsupported('this version of Node has no SQLite', 'npm install libsql@0.5, or use Node 22.13 or later')
}

async function imported(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch {
    return undefined
  }
}

/**
 * Does something with a database, and says what is wrong with the file where it cannot be done.
 *
 * @param file for messages
 * @throws PosttrainError `invalid-data` for a file that is no database or is damaged, `machine-failed` otherwise; one
 *   that is thrown already as it is
 */
export function withFile<T>(file: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof PosttrainError) throw error
    const code = codeOf(error)
    const text = reasonOf(error)
    if (code === 'NOTADB' || /not a database/i.test(text)) {
      throw invalidData(`${shown(file)} is no SQLite database`, 'choose another file; this one is left as it is', error)
    }
    if (code === 'CORRUPT' || /malformed/i.test(text)) {
      throw invalidData(`the database ${shown(file)} is damaged: ${text}`, 'restore it from a copy', error)
    }
    throw machineFailed(`cannot use the database ${shown(file)}: ${text}`, HINTS[code ?? ''] ?? OTHERWISE, error)
  }
}

const OTHERWISE = 'make that possible, and try again: what was kept is kept'
const HINTS: Readonly<Record<string, string>> = {
  BUSY: 'another program holds it: try again once that has ended',
  CANTOPEN: 'check the path: the folder must be there, and writable',
  FULL: 'make room on the disk, and try again: what was kept is kept',
  READONLY: 'make it writable, or choose another file',
}

/** For instance `BUSY`: libsql says it as a text, Node's own as a number. */
function codeOf(error: unknown): string | undefined {
  const { code, errcode } = (error ?? {}) as { readonly code?: unknown; readonly errcode?: unknown }
  const [, name] = /^SQLITE_([A-Z]+)/.exec(String(code)) ?? []
  return name ?? (typeof errcode === 'number' ? NUMBERS[errcode & 0xff] : undefined)
}

/** https://www.sqlite.org/rescode.html */
const NUMBERS: Readonly<Record<number, string>> = {
  5: 'BUSY',
  8: 'READONLY',
  11: 'CORRUPT',
  13: 'FULL',
  14: 'CANTOPEN',
  26: 'NOTADB',
}
