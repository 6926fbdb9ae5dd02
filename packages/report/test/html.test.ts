import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeHtml, html } from '../src/html.js'

const unescape = (text: string): string =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" })[name]!,
  )

describe('escapeHtml', () => {
  it('leaves nothing that could open a tag, close an attribute or start an entity, and loses no text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const escaped = escapeHtml(text)
        expect(escaped).not.toMatch(/[<>"']/)
        expect(unescape(escaped)).toBe(text)
      }),
    )
  })

  it('replaces what HTML forbids, lone surrogates included', () => {
    expect(escapeHtml('a\u0000b\u001b\ud800c\n\t')).toBe('a\ufffdb\ufffd\ufffdc\n\t')
  })
})

describe('html', () => {
  it('escapes texts and keeps markup', () => {
    expect(html`<p>${'<b>'}${html`<i>${'&'}</i>`}</p>`.markup).toBe('<p>&lt;b&gt;<i>&amp;</i></p>')
  })
})
