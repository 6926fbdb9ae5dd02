import { visible } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { junitXml, type JUnitCase, type JUnitSuite } from '../src/junit-xml.js'
import { elementsOf, parseXml } from './parse-xml.js'

/** What XML has no place for, or reads otherwise, and anything else. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('&', '<', '>', '"', "'", ']]>', '<![CDATA[', '&amp;', '&#0;', '<?x?>', '<!--', '</testcase>'),
      fc.constantFrom(
        '\u0000',
        '\u0008',
        '\u001f',
        '\u007f',
        '\u0085',
        '\ud800',
        '\udfff',
        '\ufffe',
        '\uffff',
        '\u{1ffff}',
      ),
      fc.constantFrom('\t', '\r', '\n', '\r\n', ' ', '\u2028', '\u202e', '\ufeff'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })
const aCase: fc.Arbitrary<JUnitCase> = fc.record({
  name: text,
  failure: maybe(fc.record({ message: text, text })),
  skipped: maybe(text),
  output: maybe(text),
})
const aSuite: fc.Arbitrary<JUnitSuite> = fc.record({
  name: text,
  properties: maybe(fc.dictionary(text, text, { maxKeys: 2 })),
  cases: fc.array(aCase, { maxLength: 3 }),
  output: maybe(text),
})

/** What is seen of a line; XML has no place for two characters that can be seen. */
const seen = (line: string): string =>
  visible(line).replace(/[\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16)}`)
const seenLines = (lines: string): string => lines.split('\n').map(seen).join('\n')

describe('junitXml', () => {
  it('writes suites as Jenkins, GitLab and GitHub read them', () => {
    const cases = [
      { name: 'a < b', output: '1 of 2' },
      { name: 'c', failure: { message: 'in short', text: 'at\nlength' } },
      { name: 'd', skipped: 'no row' },
      { name: 'e' },
    ]
    expect(junitXml('all', [{ name: 's & t', properties: { 'pass@1': '50 %' }, cases, output: 'a note' }])).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="all" tests="4" failures="1" errors="0" skipped="1" time="0">
<testsuite name="s &amp; t" tests="4" failures="1" errors="0" skipped="1" time="0">
<properties>
<property name="pass@1" value="50 %"/>
</properties>
<testcase name="a &lt; b" classname="s &amp; t" time="0">
<system-out>1 of 2</system-out>
</testcase>
<testcase name="c" classname="s &amp; t" time="0">
<failure message="in short" type="gate">at
length</failure>
</testcase>
<testcase name="d" classname="s &amp; t" time="0">
<skipped>no row</skipped>
</testcase>
<testcase name="e" classname="s &amp; t" time="0"/>
<system-out>a note</system-out>
</testsuite>
</testsuites>
`)
  })

  it('is well-formed whatever a text holds, and shows it', () => {
    fc.assert(
      fc.property(text, fc.array(aSuite, { maxLength: 3 }), (name, suites) => {
        const root = parseXml(junitXml(name, suites))
        expect(root.attributes['name']).toBe(seen(name))
        const cases = suites.flatMap((suite) => suite.cases.map((one) => ({ ...one, suite: suite.name })))
        const found = elementsOf(root, 'testcase').map(({ attributes, children }) => ({
          ...attributes,
          children: children.map((child) => [child.name, child.text, child.attributes['message']]),
        }))
        expect(found).toEqual(
          cases.map(({ name, suite, failure, skipped, output }) => ({
            name: seen(name),
            classname: seen(suite),
            time: '0',
            children: [
              ...(skipped === undefined ? [] : [['skipped', seenLines(skipped), undefined]]),
              ...(failure ? [['failure', seenLines(failure.text), seen(failure.message)]] : []),
              ...(output === undefined ? [] : [['system-out', seenLines(output), undefined]]),
            ],
          })),
        )
        expect(elementsOf(root, 'property').map(({ attributes }) => attributes)).toEqual(
          suites.flatMap(({ properties = {} }) =>
            Object.entries(properties).map(([name, value]) => ({ name: seen(name), value: seen(value) })),
          ),
        )
        expect(Number(root.attributes['failures'])).toBe(cases.filter(({ failure }) => failure).length)
      }),
      { numRuns: 500 },
    )
  })
})
