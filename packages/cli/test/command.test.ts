import { execFile, spawn } from 'node:child_process'
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { createProgram } from '../src/index.js'
import { posttrainHere } from './in-process.js'
import { COMMAND, emptyFolder } from './posttrain.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))
const path = (name: string): string => join(cwd, name)
const rows = (name: string, ids: readonly string[]): string => {
  const lines = ids.flatMap((id) => [0, 1].map((reward) => JSON.stringify({ task_id: id, reward })))
  writeFileSync(path(name), lines.join('\n') + '\n')
  return path(name)
}
const log = rows('log.jsonl', ['a', 'b', 'c'])

/** Controls but the end of a line, marks of direction and characters without width. */
const UNSEEN = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u

describe('posttrain', () => {
  it('prints its version, that of its package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    for (const flag of ['--version', '-V']) {
      expect(await posttrainHere([flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' })
    }
  })

  it('suggests the command and the option that were meant', async () => {
    const command = await posttrainHere(['evalute', log])
    expect(command).toMatchObject({ status: 2, stdout: '' })
    expect(command.stderr).toContain("unknown command 'evalute'\n(Did you mean evaluate?)")
    const option = await posttrainHere(['evaluate', log, '--reprot', 'x'])
    expect(option).toMatchObject({ status: 2, stdout: '' })
    expect(option.stderr).toContain("unknown option '--reprot'\n(Did you mean --report?)")
  })

  it.each(['evaluate', 'compare'])('says in the help of %s what every option is without being given', async (name) => {
    const command = (await createProgram()).commands.find((one) => one.name() === name)!
    const help = command.createHelp()
    for (const option of command.options) {
      expect(help.optionDescription(option), option.flags).toMatch(/\(.*default: .+\)$|\(required\)$/)
    }
  })
})

describe('standard output', () => {
  it('that takes nothing ends with a sentence', async () => {
    const full = openSync('/dev/full', 'w')
    const ended = await new Promise<{ status: number | null; stderr: string }>((resolve) => {
      const child = spawn(process.execPath, [...COMMAND, 'evaluate', log, '--k', '1'], {
        cwd,
        stdio: ['ignore', full, 'pipe'],
      })
      let stderr = ''
      child.stderr!.on('data', (chunk) => (stderr += chunk))
      child.on('close', (status) => resolve({ status, stderr }))
    })
    closeSync(full)
    expect(ended).toEqual({
      status: 2,
      stderr:
        'error: cannot write to standard output: no space is left on the disk (ENOSPC)\nhint: send it somewhere else\n',
    })
  })

  it('that nobody reads ends in silence, with the status of a broken pipe', async () => {
    const line = `"$0" "$@" | true; echo "\${PIPESTATUS[0]}"`
    const args = ['-c', line, process.execPath, ...COMMAND, 'evaluate', log, '--k', '1']
    const said = await new Promise((resolve, reject) => {
      execFile('bash', args, { cwd }, (error, stdout, stderr) =>
        error instanceof Error ? reject(error) : resolve({ stdout, stderr }),
      )
    })
    expect(said).toEqual({ stdout: '141\n', stderr: '' })
  })
})

describe('what somebody else wrote', () => {
  const HOSTILE = 'x\u009b31m\u001b]0;title\u0007\u202eabc\u200b\u007f\ud83d'
  const BOTH = [
    JSON.stringify({ task_id: HOSTILE, reward: 1, reference: HOSTILE, system: HOSTILE }),
    JSON.stringify({ task_id: HOSTILE, reward: 1, reference: 'other', system: HOSTILE }),
  ]
  writeFileSync(path('references.jsonl'), BOTH.join('\n'))
  writeFileSync(path('systems.jsonl'), `${BOTH[0]}\n{"task_id":"a","reward":1}\n`)
  writeFileSync(path('answers.jsonl'), JSON.stringify({ task_id: HOSTILE, reward: HOSTILE }))
  const name = '\u009b31m\u001b[31m\u202e.jsonl'
  writeFileSync(path(name), 'x')
  const one = rows('one.jsonl', [HOSTILE, 'b', 'c'])
  const cases: [string, string[]][] = [
    ['a task id and a reference', ['evaluate', path('references.jsonl')]],
    ['a system', ['evaluate', path('systems.jsonl')]],
    ['a value', ['evaluate', path('answers.jsonl')]],
    ['the name of a file', ['evaluate', path(name)]],
    ['the name of a missing file', ['evaluate', path(`none${name}`)]],
    ['a system that was asked for', ['evaluate', log, '--where', `system=${HOSTILE}`]],
    ['the value of an option', ['evaluate', log, '--k', HOSTILE]],
    ['a choice', ['evaluate', log, '--ties', HOSTILE]],
    ['an option', ['evaluate', log, `--${HOSTILE}`]],
    ['a command', [HOSTILE]],
    ['a report', ['evaluate', log, '--report', path(`none/${HOSTILE}`)]],
    ['a metric', ['compare', log, log, '--metric', HOSTILE]],
    ['a task of one side, in a note', ['compare', one, log, '--metric', 'mean']],
  ]
  it.each(cases)('is visible in every message: %s', async (_, args) => {
    const { stderr, stdout } = await posttrainHere(args)
    expect(stderr.length).toBeGreaterThan(20)
    expect(stderr + stdout).not.toMatch(UNSEEN)
    expect(stderr).toContain('\\u009b31m')
  })

  it.each([
    ['task id', { task_id: 'x'.repeat(1e6), reward: 'no' }, { task_id: 'x'.repeat(1e6), rewards: [1] }],
    ['reference', { task_id: 'a', reward: 1, reference: 'x'.repeat(1e6) }, { task_id: 'a', reward: 1, reference: 'y' }],
    ['system', { task_id: 'a', reward: 1, system: 'x'.repeat(1e6) }, { task_id: 'a', reward: 1, system: 'y' }],
    ['value', { task_id: 'a', reward: 'x'.repeat(1e6) }],
    ['answer', { task_id: 'a', reward: 1, answer: 'x'.repeat(1e6), rewards: [1] }],
  ])('is short in every message: %s', async (_, ...logged) => {
    writeFileSync(path('long.jsonl'), logged.map((row) => JSON.stringify(row) + '\n').join(''))
    const { status, stderr } = await posttrainHere(['evaluate', path('long.jsonl')])
    expect(status).toBe(2)
    expect(stderr.length).toBeLessThan(1000)
  })
})

describe('a file that cannot be read', () => {
  symlinkSync('loop.jsonl', path('loop.jsonl'))
  mkdirSync(path('closed'))
  writeFileSync(path('closed/log.jsonl'), '')
  chmodSync(path('closed'), 0)
  afterAll(() => chmodSync(path('closed'), 0o700))
  const cases: [string, string][] = [
    [path('loop.jsonl'), 'its symbolic links lead in a circle (ELOOP)'],
    ['x'.repeat(5000), 'the name is too long (ENAMETOOLONG)'],
    [cwd, 'it is a folder (EISDIR)'],
    [path('log.jsonl/log.jsonl'), 'a part of the path is no folder (ENOTDIR)'],
    ['', 'there is no such file or folder (ENOENT)'],
    ['a\u0000b', "The argument 'path' must be a string, Uint8Array, or URL without null bytes. Received 'a\\x00b'"],
  ]
  // Nothing is closed to the superuser.
  if (process.getuid?.() !== 0) cases.push([path('closed/log.jsonl'), 'permission is denied (EACCES)'])
  it.each(cases)('ends with one sentence: %s', async (file, reason) => {
    for (const args of [
      ['evaluate', file],
      ['compare', log, file, '--metric', 'mean'],
    ]) {
      const { status, stdout, stderr } = await posttrainHere(args)
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^error: cannot read .*\nhint: check the path\n$/)
      expect(stderr).toContain(`: ${reason}\n`)
    }
  })
})
