import { renderLivePage } from '@posttrain/report'
import { expect, it } from 'vitest'
import { liveHash } from '../src/live.generated.js'
import { hostileTexts } from './hostile-texts.js'

it('may ask its own server and nobody else, and runs its script alone', () => {
  const page = renderLivePage({ title: 'Run', events: '/events', rowHeader: 'variant' })
  expect(page).toContain(
    `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; ` +
      `script-src '${liveHash}'; connect-src 'self'"`,
  )
  expect(renderLivePage({ title: 'Run', events: '/events', rowHeader: 'variant' })).toBe(page)
})

it('escapes what it is given', () => {
  for (const text of hostileTexts) {
    const page = renderLivePage({ title: text, subtitle: text, events: text, rowHeader: text })
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/<img|<b>/)
  }
})
