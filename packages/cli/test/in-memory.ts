import { readLog, type TaskLog } from '@posttrain/logs'

/** A log of these rows. */
export const logOf = (rows: readonly object[]): Promise<TaskLog> =>
  readLog({ lines: rows.map((row) => JSON.stringify(row)) })
