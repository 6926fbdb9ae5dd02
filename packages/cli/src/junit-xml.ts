import { visible } from '@posttrain/core'

/** A case, which passed where it has neither a failure nor a reason why it was skipped. */
export interface JUnitCase {
  readonly name: string
  /** Why it failed: in short, and in as many lines as it takes. */
  readonly failure?: { readonly message: string; readonly text: string } | undefined
  /** Why it was not run. */
  readonly skipped?: string | undefined
  /** What else it says. */
  readonly output?: string | undefined
}

/** Cases under one name. */
export interface JUnitSuite {
  readonly name: string
  readonly properties?: Readonly<Record<string, string>> | undefined
  readonly cases: readonly JUnitCase[]
  /** What is said of all of them. */
  readonly output?: string | undefined
}

/**
 * Suites as JUnit XML: well-formed XML 1.0 whatever a text holds, with what Jenkins's schema, GitLab and the reporters
 * of GitHub ask for. A case is of the class that its suite is called, since GitLab shows the class alone. No time is
 * known: it is 0, which some readers want to be there.
 */
export function junitXml(name: string, suites: readonly JUnitSuite[]): string {
  const counts = totalsOf(suites.flatMap(({ cases }) => cases))
  const body = suites.map(suiteXml).join('')
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name, ...counts })}>\n${body}</testsuites>\n`
}

function suiteXml({ name, properties = {}, cases, output }: JUnitSuite): string {
  const stated = Object.entries(properties).map(([name, value]) => `<property${attributes({ name, value })}/>\n`)
  return [
    `<testsuite${attributes({ name, ...totalsOf(cases) })}>\n`,
    ...(stated.length > 0 ? ['<properties>\n', ...stated, '</properties>\n'] : []),
    ...cases.map((one) => caseXml(one, name)),
    element('system-out', output),
    '</testsuite>\n',
  ].join('')
}

function caseXml({ name, failure, skipped, output }: JUnitCase, classname: string): string {
  const inner = [
    element('skipped', skipped),
    failure ? element('failure', failure.text, { message: failure.message, type: 'gate' }) : '',
    element('system-out', output),
  ].join('')
  const start = `<testcase${attributes({ name, classname, time: '0' })}`
  return inner === '' ? `${start}/>\n` : `${start}>\n${inner}</testcase>\n`
}

/** What readers expect on every level. */
const totalsOf = (cases: readonly JUnitCase[]): Readonly<Record<string, string>> => ({
  tests: String(cases.length),
  failures: String(cases.filter(({ failure }) => failure).length),
  errors: '0',
  skipped: String(cases.filter(({ skipped }) => skipped !== undefined).length),
  time: '0',
})

const element = (name: string, text: string | undefined, own: Readonly<Record<string, string>> = {}): string =>
  text === undefined ? '' : `<${name}${attributes(own)}>${text.split('\n').map(xmlText).join('\n')}</${name}>\n`

const attributes = (own: Readonly<Record<string, string>>): string =>
  Object.entries(own)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('')

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A line of text: what XML 1.0 has no place for, and what cannot be seen, is written as its code point. */
const xmlText = (text: string): string =>
  visible(text)
    .replace(/[\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!)
