import fc from 'fast-check'

/** Texts of what Markdown and GitHub read as more than text, and of anything else. */
export const markdownLike: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'|\\`*_~[]()<>#@:!&;=+-.$^"\' 12ab\n\r\t'),
      fc.constantFrom('``', '\\|', '&#124;', '&amp;', '<b>', '<!--', ']]>', '@ada', '#1', 'a/b#2', ':tada:', 'GH-1'),
      fc.constantFrom('https://a.example', 'www.a.example', 'a@b.example', 'deadbeef', '[^1]', '[x](y)', '> [!NOTE]'),
      fc.constantFrom('1. ', '- ', '# ', '---', '===', '| --- |', '$a$', '\u0000', '\ud800', '\u202e', '\u200b', '  '),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
