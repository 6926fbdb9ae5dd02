import type { SqlDatabase, SqlStatement } from './sqlite.js'

/** A sample and the request that it was drawn for. */
export interface PageRow {
  readonly request: number
  readonly position: number
  readonly key: string
  readonly sample: string
}

/** A sum over samples; the cost is unknown where that of one is. */
export interface SumRow {
  readonly n: number
  readonly prompt: number
  readonly completion: number
  readonly cost: number
  readonly priced: number
}

type StatementName = 'request' | 'begin' | 'sample' | 'keep' | 'fail' | 'kept' | 'failed' | 'page'

const SUMS = `count(*) AS n, total(prompt_tokens) AS prompt, total(completion_tokens) AS completion, total(cost) AS cost,
  count(cost) AS priced`

/** What a store asks of its database. */
export const prepareAll = (database: SqlDatabase): Readonly<Record<StatementName, SqlStatement>> => ({
  request: database.prepare('SELECT number FROM requests WHERE name = ?'),
  begin: database.prepare('INSERT OR IGNORE INTO requests (name, sampler, key) VALUES (?, ?, ?)'),
  sample: database.prepare('SELECT sample FROM samples WHERE request = ? AND position = ?'),
  keep: database.prepare('INSERT OR IGNORE INTO samples VALUES (?, ?, ?, ?, ?, ?) RETURNING 1 AS kept'),
  fail: database.prepare('INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?)'),
  kept: database.prepare(`SELECT ${SUMS} FROM samples JOIN requests ON number = request WHERE sampler = ?`),
  failed: database.prepare(`SELECT ${SUMS} FROM failures JOIN requests ON number = request WHERE sampler = ?`),
  page: database.prepare(`SELECT request, position, key, sample FROM samples JOIN requests ON number = request
    WHERE sampler = ? AND (request > ? OR (request = ? AND position > ?)) ORDER BY request, position LIMIT ?`),
})
