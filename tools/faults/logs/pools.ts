import type { RandomStream } from '@posttrain/core'

/** One of them. */
export const pick = <T>(stream: RandomStream, from: readonly T[]): T => from[stream.integer(from.length)]!

/** Whether something of this probability happens. */
export const happens = (stream: RandomStream, probability: number): boolean => stream.uniform() < probability

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** Texts that steer terminals, hide, break lines, are names of JavaScript, or long. */
export const texts: readonly string[] = [
  '',
  ' ',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'then',
  '\u001b[31mred\u001b]0;title\u0007',
  '\u009b31mred',
  '\u202eabc\u2066',
  '\u200b\u200d\ufeff\u00ad',
  '\ud83d',
  '\udc00\ud83d',
  '\u0000',
  '\u007f\u0085\u2028\u2029',
  'e\u0301',
  '\u00e9',
  'a\nb\r\nc\td',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '$&$1${x}',
  'x'.repeat(1000),
]

/** Values as JSON writes them, or fails to. */
export const values: readonly string[] = [
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1e309',
    '-1e309',
    '1e308',
    '-1e308',
    '1e-400',
    '4.9e-324',
    '-0',
    '0.1',
    '2',
    '-1',
  ],
  ...[
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '[1]',
    '{"a":1}',
    '""',
    '"1"',
    '"NaN"',
    'undefined',
    '01',
    '+1',
    '.5',
    '1.',
    '0x1',
  ],
  ...['9007199254740991', '9007199254740993', '123456789012345678901234567890', '1.5', '-3', '1e21', '1e300', '1_000'],
  ...['{"__proto__":1}', '{"toJSON":1}', '[null,null]', nested(100), nested(1001), nested(5000)],
  ...texts.map((text) => JSON.stringify(text)),
]

/** Values that are too much by their size or depth. */
export const heavyValues: readonly string[] = [
  JSON.stringify('\u202e'.repeat(100_000)),
  JSON.stringify('x'.repeat(1_000_000)),
  nested(200_000),
  '{"a":'.repeat(6000) + '1' + '}'.repeat(6000),
  `[${'1,'.repeat(100_000)}1]`,
]

/** Counts of samples, up to the largest whole number. */
export const counts: readonly number[] = [0, 1, 2, 3, 8, 64, 1000, 1e6, 1e9, 2 ** 31, 2 ** 32, 2 ** 53 - 2, 2 ** 53 - 1]
