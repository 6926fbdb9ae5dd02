import { expect, it } from 'vitest'
import { svgPicture } from '../src/svg-picture.js'

it('gives the whole a name and its parts no role', () => {
  const svg = '<svg width="9" role="graphics-document"><g role="graphics-symbol" aria-roledescription="line"/></svg>'
  expect(svgPicture(svg, 'a "b"', 'p')).toBe('<svg role="img" aria-label="a &quot;b&quot;" width="9"><g/></svg>')
})

it('numbers ids from 0 where they are defined and where they are named', () => {
  const svg = '<svg><g clip-path="url(#clip7)"/><clipPath id="clip7"/><clipPath id="clip9"/></svg>'
  expect(svgPicture(svg, '', 'p')).toContain(
    '><g clip-path="url(#p-0)"/><clipPath id="p-0"/><clipPath id="p-1"/></svg>',
  )
})

it('leaves texts as they are, whatever they look like', () => {
  const text = 'an id="clip7" role="x" url(#clip7) $&amp;$`'
  const svg = `<svg><clipPath id="clip7"/><text title="a > b">${text}</text></svg>`
  expect(svgPicture(svg, '$&$`$1', 'p')).toBe(
    `<svg role="img" aria-label="$&amp;$\`$1"><clipPath id="p-0"/><text title="a > b">${text}</text></svg>`,
  )
})

it('replaces what a page may not hold', () => {
  expect(svgPicture('<svg><text>a\u001b\ud800b</text></svg>', '\u0000', 'p')).toBe(
    '<svg role="img" aria-label="\ufffd"><text>a\ufffd\ufffdb</text></svg>',
  )
})
