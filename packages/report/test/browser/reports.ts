import { curveChart } from '../../src/curve-chart.js'
import { differenceTable } from '../../src/difference-table.js'
import { estimateTable } from '../../src/estimate-table.js'
import type { Report, ReportTask } from '../../src/report.js'
import { settingsTable } from '../../src/settings-table.js'
import { sortedChart } from '../../src/sorted-chart.js'
import { trainingChart } from '../../src/training-chart.js'
import { estimateOf } from '../estimates.js'

const ks = [1, 2, 4, 8, 16, 32, 64]
const systems = ['before training', 'trained for mean', 'trained for pass@8']

/** Tasks with samples of each system: the first of a system is right in every second task, its last is not scored. */
export const tasksOf = (count: number, samples: number): ReportTask[] =>
  Array.from({ length: count }, (_, t) => ({
    id: `task ${t}`,
    prompt: `prompt of ${t}`,
    reference: '24',
    samples: systems.flatMap((label, l) =>
      Array.from({ length: samples }, (_, i) => {
        const reward = i === samples - 1 ? undefined : i === 0 && (t + l) % 2 === 0 ? 1 : 0
        const verdict = reward === undefined ? 'not scored' : reward === 1 ? 'correct' : 'wrong'
        return { completion: `completion ${t}/${l}/${i}`, verdict, reward, label, answer: String(i) }
      }),
    ),
  }))

/** A page with everything that a report may hold, wide and long. */
export const fullReport: Report = {
  title: 'One checkpoint, two ways to train it',
  subtitle: systems.join(' · '),
  footer: 'posttrain run',
  sections: [
    {
      kind: 'table',
      title: 'Estimates',
      table: estimateTable({
        rowHeader: 'variant',
        rows: systems.map((label, i) => ({
          label,
          estimates: Object.fromEntries(ks.map((k) => [`pass@${k}`, estimateOf(0.1 + i / 10, { tasks: 260 - k })])),
        })),
      }),
    },
    {
      kind: 'table',
      title: 'Paired differences',
      table: differenceTable({
        rows: systems.slice(1).map((name) => ({
          label: `${name} − ${systems[0]!}`,
          differences: Object.fromEntries(
            ['pass@1', 'pass@8', 'pass@64'].map((metric, i) => [
              metric,
              { ...estimateOf(0.1), difference: 0.1, pValue: 0.0001, discordant: i, tasks: 260 },
            ]),
          ),
        })),
      }),
    },
    {
      kind: 'chart',
      title: 'pass@k',
      charts: [
        curveChart({
          series: systems.map((name, i) => ({
            name,
            points: ks.map((k) => ({ k, ...estimateOf(0.2 + i / 10 + k / 640) })),
          })),
        }),
      ],
    },
    {
      kind: 'chart',
      title: 'Tasks',
      text: 'Of 5 tasks two are never solved.',
      charts: [
        sortedChart({ metric: 'pass@1', series: [{ name: systems[0]!, values: [0, 0, 0.25, 0.5, 1] }] }),
        sortedChart({ metric: 'B − A', series: systems.map((name) => ({ name, values: [-0.5, 0, 0.25] })) }),
      ],
    },
    {
      kind: 'chart',
      title: 'Training',
      charts: ['reward', 'entropy', 'reward'].map((metric) =>
        trainingChart({
          metric,
          series: systems.map((name, i) => ({
            name,
            points: Array.from({ length: 60 }, (_, step) => ({ step, value: i + step / 60 })),
          })),
        }),
      ),
    },
    { kind: 'tasks', title: 'Task by task', text: 'All of them.', tasks: tasksOf(300, 30) },
    {
      kind: 'samples',
      title: 'Samples',
      samples: [1, 0.5, 0, undefined].map((reward) => ({
        prompt: '1+1',
        completion: '2',
        verdict: `reward ${String(reward)}`,
        reward,
        label: 'mean',
      })),
    },
    { kind: 'table', title: 'Settings', table: settingsTable({ recipe: 'game24', checkpoint: 'a'.repeat(64) }) },
    { kind: 'table', table: settingsTable({ and: 'a table without a title' }) },
  ],
}
