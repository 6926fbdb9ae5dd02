import { visible } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { markdownText } from '../src/markdown-text.js'
import { hostileTexts } from './hostile-texts.js'
import { markdownLike } from './markdown-like.js'
import { kindsIn, parseMarkdown, proseOf, textOf } from './parse-markdown.js'

/** Whatever GitHub links in prose: names, issues, commits, emoji, addresses. */
const LINKED = /@[a-z0-9]|#\d|GH-\d|[0-9a-f]{7}|:[a-z+-]\w*:|https?:|www\.|\$/i

function requireShown(text: string): void {
  const blocks = parseMarkdown(markdownText(text))
  expect(blocks.map(({ type }) => type)).toEqual(text === '' ? [] : ['paragraph'])
  expect(blocks.map(textOf).join('')).toBe(visible(text))
  for (const block of blocks) {
    expect(['text', 'inlineCode']).toEqual(expect.arrayContaining([...kindsIn(block)]))
    expect(proseOf(block)).not.toMatch(LINKED)
  }
}

describe('markdownText', () => {
  it.each([
    ['all tasks, 8', 'all tasks, 8'],
    ['31.2 % [27.5, 35.0]', '31.2 % \\[27.5, 35.0\\]'],
    ["McNemar's exact test: p = 0.003 (of 12)", "McNemar's exact test: p = 0.003 (of 12)"],
    ['pass@8 by @ada', '`pass@8` by `@ada`'],
    ['of @ada, #1; a/b: c', 'of `@ada`, `#1`; `a/b`: c'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['1. first', '1\\. first'],
    ['a  b', '`a  b`'],
    [' a ', '`  a  `'],
    [' \u00a0 ', '`  \u00a0  `'],
    ['a\\|b', '`a\\`&#124;`b`'],
    ['a\nb', '`a\\nb`'],
  ])('%j', (text, markdown) => {
    expect(markdownText(text)).toBe(markdown)
    requireShown(text)
  })

  it.each(hostileTexts.map((text) => [text]))('shows as text and code alone %j', requireShown)

  it('shows every text as it is, and as nothing else', () => {
    fc.assert(fc.property(markdownLike, requireShown), { numRuns: 500 })
  })

  it('takes time in proportion to the length', () => {
    for (const text of [' ' + 'a'.repeat(2e6), '`'.repeat(2e6), '` '.repeat(1e6), '|'.repeat(1e6), "a'".repeat(1e6)])
      expect(markdownText(text).length).toBeGreaterThan(text.length)
  })
})
