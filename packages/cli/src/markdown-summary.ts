import { shown } from '@posttrain/core'
import { markdownText } from '@posttrain/report'
import { markdownOfBlocks } from './block.js'
import type { Gate, Result } from './result.js'

/** Characters of a heading: a log may be of a hundred files. */
const TITLE = 200

/** A result as a summary of a CI run shows it: what decides first, what a reader must know beside the figures last. */
export function markdownSummary({ title, gate, blocks, notes }: Result): string {
  const noted = notes.length > 0 ? [notes.map((text) => `note: ${text}`)] : []
  return [
    `### ${markdownText(shown(title, TITLE))}\n`,
    ...(gate ? [markdownOfGate(gate)] : []),
    markdownOfBlocks([...blocks, ...noted]),
  ].join('\n')
}

/** The verdict, and what was asked if it was several things. */
function markdownOfGate({ passed, text, checks }: Gate): string {
  const verdict = `${sign(passed)} **gate ${passed ? 'passed' : 'failed'}**`
  if (checks.length < 2) return `${verdict}: ${markdownText(text)}\n`
  return [verdict, '', ...checks.map((check) => `- ${sign(check.passed)} ${markdownText(check.text)}`), ''].join('\n')
}

const sign = (passed: boolean): string => (passed ? '✅' : '❌')
