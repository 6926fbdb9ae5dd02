import { sum } from '@posttrain/core'
import type { Table } from '@posttrain/report'
import type { ReportedRun } from './runs-report.js'

/** Setting × run. */
export function runSettingsTable(runs: readonly ReportedRun[]): Table {
  const keys = [...new Set(runs.flatMap(({ config }) => Object.keys(config)))] as (keyof ReportedRun['config'])[]
  return {
    columns: [{ header: 'setting' }, ...runs.map(({ name }) => ({ header: name }))],
    rows: keys.map((key) => [key, ...runs.map(({ config }) => written(config[key]))]),
  }
}

const written = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

/** Where and how long each run was at work. */
export function environmentTable(runs: readonly ReportedRun[]): Table {
  const lines = ['posttrain', 'Node', 'system', 'processor', 'computed on'].map((header) => ({ header }))
  return {
    columns: [{ header: 'run' }, ...lines, { header: 'started' }, { header: 'wall time', align: 'right' }],
    rows: runs.map(({ name, sessions }) => {
      const all = (of: (session: ReportedRun['sessions'][number]) => string): string =>
        [...new Set(sessions.map(of))].join(', ') || 'not known'
      return [
        name,
        all(({ version }) => version),
        all(({ node }) => node),
        all(({ platform }) => platform),
        all(({ processor, processors }) => `${processors} × ${processor}`),
        all(({ device }) => device),
        sessions[0]?.started ?? 'not known',
        sessions.length === 0 ? 'not known' : wallTime(sessions),
      ]
    }),
    note: 'a part of a run that was killed is not in its wall time; samples and figures do not depend on it',
  }
}

function wallTime(sessions: ReportedRun['sessions']): string {
  const seconds = `${sum(sessions.map((session) => session.seconds)).toFixed(1)} s`
  return sessions.length === 1 ? seconds : `${seconds} in ${sessions.length} parts`
}
