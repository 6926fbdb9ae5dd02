import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { renderReviewPage, type SampleToReview } from '../src/render-review-page.js'
import { hostileTexts } from './hostile-texts.js'

const sampleOf = (text: string): SampleToReview => ({
  task_id: text,
  index: 0,
  prompt: text,
  response: text,
  reference: text,
  answer: text,
  reward: 1,
  unscored: text,
  why: [text],
  weight: 1,
})
const dataOf = (page: string): { key: string; samples: unknown[] } => {
  const [, json] = /<script type="application\/json" data-part="data">(.*?)<\/script>/s.exec(page)!
  return JSON.parse(json!) as { key: string; samples: unknown[] }
}

describe('renderReviewPage', () => {
  it.each(hostileTexts.map((text) => [text]))('carries %s as it is, in data that end nothing', (text) => {
    const page = renderReviewPage(text, [sampleOf(text)])
    expect(dataOf(page).samples).toEqual([JSON.parse(JSON.stringify(sampleOf(text)))])
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page.match(/<\/script>/g)).toHaveLength(2)
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/u)
  })

  it('admits its own script by hash, and nothing else', () => {
    const page = renderReviewPage('A page', [sampleOf('a')])
    const [, script] = /<script>(.*?)<\/script>/s.exec(page)!
    const hash = createHash('sha256').update(script!).digest('base64')
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page)!
    expect(policy).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
        `script-src 'sha256-${hash}'`,
    )
  })

  it('writes a chat out, and carries nothing of a row that it does not need', () => {
    const prompt = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: '1+1?' },
    ] as const
    const row = { ...sampleOf('a'), prompt, parts: { gold: 1 } }
    const [carried] = dataOf(renderReviewPage('A page', [row])).samples
    expect(carried).toMatchObject({ prompt: 'system: Be brief.\n\nuser: 1+1?' })
    expect(carried).not.toHaveProperty('parts')
  })

  it('has a key of its samples: the same again, another for others', () => {
    const keyOf = (...texts: string[]): string => dataOf(renderReviewPage('A page', texts.map(sampleOf))).key
    expect(keyOf('a', 'b')).toBe(keyOf('a', 'b'))
    expect(new Set([keyOf('a', 'b'), keyOf('b', 'a'), keyOf('a'), keyOf('ab')]).size).toBe(4)
  })

  it('refuses no samples', () => {
    expect(() => renderReviewPage('A page', [])).toThrow('there is no sample to review')
  })
})
