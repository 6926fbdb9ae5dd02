import type { ReportSection } from '@posttrain/report'
import type { Gate } from './result.js'

/** A gate, where there is one, each of its checks on a line: it is what decides. */
export const gateSections = (gate: Gate | undefined): readonly ReportSection[] =>
  gate === undefined
    ? []
    : [
        {
          kind: 'prose',
          title: `Gate ${gate.passed ? 'passed' : 'failed'}`,
          text: (gate.checks.length > 1 ? gate.checks.map(({ text }) => text) : [gate.text]).join('\n\n'),
        },
      ]
