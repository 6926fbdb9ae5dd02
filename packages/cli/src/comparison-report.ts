import { renderHtmlReport, settingsTable, type ReportSection } from '@posttrain/report'
import type { Block } from './block.js'
import type { Compared, ComparedLog } from './compared.js'
import { differenceSections } from './difference-section.js'
import { differingTasks, sideBySide } from './differing-tasks.js'
import { gateSections } from './gate-section.js'
import type { ReportTasks } from './report-tasks.js'
import type { Result } from './result.js'
import { unitsOf } from './show-comparison.js'

/** What an HTML page says beside the figures. */
interface PageSettings {
  /** (logs): the samples that are known of each. */
  readonly listed: readonly ReportTasks[]
  readonly settings: object
}

/** A comparison as one HTML page: what it shows, the differences by task, and what systems said where they differ. */
export function comparisonReport(
  { notes, blocks, gate }: Result,
  compared: Compared,
  logs: readonly ComparedLog[],
  { listed, settings }: PageSettings,
): Promise<string> {
  return renderHtmlReport({
    title: `Comparison by ${compared.estimates[0]!.name}`,
    subtitle: logs.map(({ label }) => label).join(' · '),
    sections: [
      ...gateSections(gate),
      ...blockSections(blocks),
      ...(notes.length > 0 ? [{ kind: 'prose', title: 'Notes', text: notes.join('\n\n') } as const] : []),
      ...differenceSections(compared, unitsOf(logs).difference),
      ...textSections(compared, logs, listed),
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
    footer: 'posttrain compare',
  })
}

const TABLES = ['Estimates', 'Differences']

/** Sentences first: they say what the tables show. */
function blockSections(blocks: readonly Block[]): readonly ReportSection[] {
  const sections = blocks.map((block): ReportSection =>
    'columns' in block ? { kind: 'table', table: block } : { kind: 'prose', text: block.join('\n\n') },
  )
  const prose = sections.filter(({ kind }) => kind === 'prose')
  const tables = sections.filter(({ kind }) => kind === 'table')
  return [
    ...prose.map((section) => ({ ...section, title: 'What it shows' })),
    ...tables.map((section, i) => ({ ...section, title: TABLES[i] })),
  ]
}

/** The tasks on which systems differ, with what each said. */
function textSections(
  compared: Compared,
  logs: readonly ComparedLog[],
  listed: readonly ReportTasks[],
): readonly ReportSection[] {
  if (compared.pairs.every(({ tasks }) => tasks === undefined)) return []
  const title = 'Tasks that differ'
  const { name, tasks: all } = compared.estimates[0]!
  const ids = differingTasks(compared).map(({ id }) => id)
  if (ids.length === 0) return [{ kind: 'prose', title, text: `None of ${all} tasks differs by ${name}.` }]
  const systems = logs.map(({ label }, i) => ({ name: label, tasks: listed[i]!.tasks }))
  const tasks = sideBySide(ids, systems)
  const text = [
    `${ids.length} of ${all} tasks differ by ${name}; the furthest apart come first.`,
    ...(tasks.length < ids.length ? [`Of ${ids.length - tasks.length} of them no sample is here.`] : []),
    ...logs.flatMap(({ letter, log }, i) => {
      const { samples } = log.totals
      return listed[i]!.isWhole(samples) ? [] : [`${letter}: ${listed[i]!.describe(samples)}`]
    }),
  ].join('\n\n')
  return [tasks.length === 0 ? { kind: 'prose', title, text } : { kind: 'tasks', title, text, tasks }]
}
