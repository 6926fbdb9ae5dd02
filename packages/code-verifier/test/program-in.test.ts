import { expect, it } from 'vitest'
import { programIn } from '../src/program-in.js'

it.each([
  ['x = 1', 'x = 1'],
  ['Say:\n```python\nx = 1\n```\nDone', 'x = 1\n'],
  ['```\na\n```\n```py\nb\n```', 'b\n'],
  ['```python\nx = 1\ny =', 'x = 1\ny ='],
  ['~~~\nx = """\n```\n"""\n~~~', 'x = """\n```\n"""\n'],
  ['````md\n```\nx\n```\n````', '```\nx\n```\n'],
  ['', ''],
])('the program in %j', (text, program) => {
  expect(programIn(text)).toBe(program)
})
