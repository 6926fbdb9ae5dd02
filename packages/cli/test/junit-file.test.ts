import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { junitFile } from '../src/junit-file.js'
import { posttrainHere } from './in-process.js'
import { elementsOf, parseXml } from './parse-xml.js'
import { emptyFolder } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))
const path = (name: string): string => join(folder, name)
const ID = 'a|"<b>]]>\u0000\ud800 @ada'
const log = (name: string, passed: boolean): string => {
  const rows = [ID, 'c'].map((task_id) => ({ task_id, passed }))
  writeFileSync(path(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path(name)
}
const [one, other] = [log('one.jsonl', true), log('other.jsonl', false)]
const classes = (file: string) =>
  elementsOf(parseXml(readFileSync(path(file), 'utf8')), 'testcase').map(({ attributes }) => attributes['name'])

describe('--junit', () => {
  it('of evaluate has the tasks of the log, beside what is printed', async () => {
    const { stdout } = await posttrainHere(['evaluate', one, '--k', '1', '--json', '--junit', path('evaluate.xml')])
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 2 })
    expect(classes('evaluate.xml')).toEqual(['a|"<b>]]>\\u0000\\ud800 @ada', 'c'])
  })

  it('of compare has the pairs', async () => {
    const { status } = await posttrainHere(['compare', one, other, '--metric', 'mean', '--junit', path('compare.xml')])
    expect(status).toBe(0)
    expect(classes('compare.xml')).toEqual(['B against A'])
  })

  it.each([['evaluate'], ['compare']])(
    'of %s is refused before anything is read where it cannot be',
    async (command) => {
      const read = command === 'evaluate' ? [one] : [one, other, '--metric', 'mean']
      writeFileSync(path('tasks.jsonl'), '{"task_id":"c"}\n')
      read.push('--expect', path('tasks.jsonl'))
      const refusals: [string, string][] = [
        [path('tasks.jsonl'), `is the log ${path('tasks.jsonl')} itself\nhint: choose another --junit\n`],
        [path('none/junit.xml'), 'there is no such file or folder (ENOENT)\nhint: choose another --junit\n'],
        [one, `the report ${one} is the log ${one} itself\nhint: choose another --junit\n`],
      ]
      for (const [file, why] of refusals) {
        const { status, stdout, stderr } = await posttrainHere([command, ...read, '--junit', file])
        expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(why)])
      }
      expect(readFileSync(one, 'utf8')).toContain('task_id')
    },
  )
})

describe('junitFile', () => {
  it('is another than the report, under whatever name', () => {
    writeFileSync(path('report.html'), '')
    symlinkSync('report.html', path('link.xml'))
    for (const file of [path('report.html'), path('./sub/../report.html'), path('link.xml')]) {
      expect(() => junitFile(file, [], path('report.html'))).toThrow('--report and --junit are one file')
    }
    expect(() => junitFile(path('new.xml'), [], path('./new.xml'))).toThrow('--report and --junit are one file')
    expect(() => junitFile(path('new.xml'), [], path('report.html'))).not.toThrow()
  })
})
