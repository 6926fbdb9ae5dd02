import { shown } from '@posttrain/core'
import { markdownText } from '@posttrain/report'
import { markdownOfBlocks } from './block.js'
import type { Result } from './result.js'

/** Characters of a heading: a log may be of a hundred files. */
const TITLE = 200

/** A result as a summary of a CI run shows it: what decides first, what a reader must know beside the figures last. */
export function markdownSummary({ title, gate, blocks, notes }: Result): string {
  const noted = notes.length > 0 ? [notes.map((text) => `note: ${text}`)] : []
  const verdict = gate && `${gate.passed ? '✅ **gate passed**' : '❌ **gate failed**'}: ${markdownText(gate.text)}\n`
  return [`### ${markdownText(shown(title, TITLE))}\n`, verdict, markdownOfBlocks([...blocks, ...noted])]
    .filter((part) => part !== undefined)
    .join('\n')
}
