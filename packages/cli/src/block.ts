import { markdownText, renderMarkdown, renderTable, type Table } from '@posttrain/report'

/** A part of what a command shows: a table, or sentences of a line each. */
export type Block = Table | readonly string[]

/** Blocks for a terminal, with an empty line between them. */
export const textOfBlocks = (blocks: readonly Block[]): string =>
  blocks.map((block) => ('columns' in block ? renderTable(block) : linesOf(block))).join('\n')

/** Blocks in Markdown: sentences are the items of a list. */
export const markdownOfBlocks = (blocks: readonly Block[]): string =>
  blocks
    .map((block) =>
      'columns' in block ? renderMarkdown(block) : linesOf(block.map((line) => `- ${markdownText(line)}`)),
    )
    .join('\n')

const linesOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
