import { invalidData, shown } from '@posttrain/core'
import type { SqlDatabase } from './sqlite.js'

/** Of the tables below; another one is of another version of this package. */
const VERSION = 1
/** "post" in ASCII: says whose database a file is (https://www.sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION = 0x706f7374

const TABLES = `
  CREATE TABLE requests (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sampler TEXT NOT NULL, key TEXT NOT NULL);
  CREATE TABLE samples (
    request INTEGER NOT NULL REFERENCES requests, position INTEGER NOT NULL, sample TEXT NOT NULL,
    prompt_tokens REAL NOT NULL, completion_tokens REAL NOT NULL, cost REAL, PRIMARY KEY (request, position)
  ) WITHOUT ROWID;
  CREATE TABLE failures (
    request INTEGER NOT NULL REFERENCES requests, position INTEGER NOT NULL, failure TEXT NOT NULL,
    prompt_tokens REAL NOT NULL, completion_tokens REAL NOT NULL, cost REAL
  );
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${VERSION};
`

/**
 * Makes a new file a store, and requires that another one is a store.
 *
 * @throws PosttrainError `invalid-data` for a database of somebody else or of another version
 */
export function migrate(database: SqlDatabase, file: string): void {
  // Each commit is on the disk when it returns; readers do not wait for writers, and writers a minute for each other.
  database.exec('PRAGMA busy_timeout = 60000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec('BEGIN IMMEDIATE')
  try {
    const application = numberOf(database, 'application_id')
    const isEmpty = database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
    if (isEmpty) database.exec(TABLES)
    else if (application !== APPLICATION) {
      throw invalidData(`${shown(file)} is a database of another program`, 'choose another file; it is left as it is')
    }
    const version = numberOf(database, 'user_version')
    if (version !== VERSION) {
      const hint = 'use the version of posttrain that made it, or choose another file'
      throw invalidData(`${shown(file)} is a store of version ${version}, but this is version ${VERSION}`, hint)
    }
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

const numberOf = (database: SqlDatabase, pragma: string): number =>
  (database.prepare(`PRAGMA ${pragma}`).get() as Readonly<Record<string, number>>)[pragma]!
