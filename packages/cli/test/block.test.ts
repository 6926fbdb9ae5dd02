import { expect, it } from 'vitest'
import { markdownOfBlocks, textOfBlocks, type Block } from '../src/block.js'

const blocks: readonly Block[] = [
  { columns: [{ header: 'k' }, { header: 'pass@k', align: 'right' }], rows: [['8', '70.8 %']] },
  ['of @ada', '1. it is so'],
]

it('blocks have an empty line between them in a terminal', () => {
  expect(textOfBlocks(blocks)).toBe('k  pass@k\n─────────\n8  70.8 %\n\nof @ada\n1. it is so\n')
})

it('sentences are the items of a list in Markdown', () => {
  expect(markdownOfBlocks(blocks)).toBe(
    '| k | `pass@k` |\n| --- | --: |\n| 8 | 70.8 % |\n\n- of `@ada`\n- 1\\. it is so\n',
  )
})
