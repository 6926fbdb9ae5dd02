import { curveChart } from '../src/curve-chart.js'
import { differenceTable } from '../src/difference-table.js'
import { estimateTable } from '../src/estimate-table.js'
import type { Report } from '../src/report.js'
import { settingsTable } from '../src/settings-table.js'
import { trainingChart } from '../src/training-chart.js'
import { estimateOf } from './estimates.js'

const interval = { lower: 0.1, upper: 0.4, level: 0.95 }

/** A report with one text in every place that takes one. */
export const reportOf = (t: string): Report => ({
  title: t,
  subtitle: t,
  footer: t,
  sections: [
    { kind: 'prose', title: t, text: `${t}\n\n${t}` },
    {
      kind: 'table',
      title: t,
      text: t,
      table: estimateTable({
        rowHeader: t,
        rows: [{ label: t, estimates: { [t]: estimateOf(0.312, { interval: { ...interval, method: t } }) } }],
        note: t,
      }),
    },
    {
      kind: 'table',
      title: t,
      table: differenceTable({
        rowHeader: t,
        rows: [
          {
            label: t,
            differences: {
              [t]: { difference: 0.2, interval: { ...interval, method: t }, pValue: 0.01, discordant: 3, tasks: 9 },
            },
          },
        ],
        note: t,
      }),
    },
    {
      kind: 'chart',
      title: t,
      text: t,
      charts: [
        curveChart({
          title: t,
          metric: t,
          series: [
            {
              name: t,
              points: [
                { k: 1, ...estimateOf(0.3) },
                { k: 2, ...estimateOf(0.4) },
              ],
            },
            { name: `${t}2`, context: true, points: [{ k: 1, value: 0.3 }] },
          ],
          order: [t],
          unit: { scale: 1, digits: 2, symbol: t },
        }),
        trainingChart({
          title: t,
          metric: t,
          series: [t, `${t}2`].map((name) => ({ name, points: [1, 2, 3].map((step) => ({ step, value: step })) })),
          unit: { scale: 1, digits: 2, symbol: t },
        }),
      ],
    },
    {
      kind: 'samples',
      title: t,
      samples: [
        { prompt: t, completion: t, verdict: t, label: t, reward: 1 },
        { prompt: t, completion: t, verdict: t },
      ],
    },
    {
      kind: 'tasks',
      title: t,
      text: t,
      tasks: [
        {
          id: t,
          prompt: t,
          reference: t,
          samples: [
            { completion: t, verdict: t, label: t, answer: t, reward: 0.5 },
            { completion: t, verdict: t, label: `${t}2`, reward: 0 },
          ],
        },
      ],
    },
    { kind: 'table', table: settingsTable({ [t]: t, nested: { [t]: [t] } }) },
  ],
})
