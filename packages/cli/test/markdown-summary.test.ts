import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { markdownSummary } from '../src/markdown-summary.js'
import { posttrainHere } from './in-process.js'
import { COMMAND, emptyFolder, posttrain } from './posttrain.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))
const path = (name: string): string => join(cwd, name)

/** Eight tasks of one sample each, of which so many are right. */
const log = (name: string, right: number, more: object = {}): string => {
  const rows = Array.from({ length: 8 }, (_, i) => ({ task_id: `t|${i}`, passed: i < right, ...more }))
  writeFileSync(path(name), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  return path(name)
}

describe('markdownSummary', () => {
  const result = { title: 'evaluate: @ada.jsonl', notes: [], blocks: [['a line']], figures: {} }

  it('begins with what decides, and ends with the notes', () => {
    const gate = { passed: false, text: 'pass@1 is not shown to be at least 0.9', checks: [] }
    expect(markdownSummary({ ...result, gate, notes: ['1 of 8 samples have no score'] })).toBe(
      '### evaluate: `@ada.jsonl`\n\n❌ **gate failed**: `pass@1` is not shown to be at least 0.9\n\n' +
        '- a line\n\n- note: 1 of 8 samples have no score\n',
    )
    expect(markdownSummary({ ...result, gate: { ...gate, passed: true } })).toContain(
      '\n\n✅ **gate passed**: `pass@1`',
    )
    expect(markdownSummary(result)).toBe('### evaluate: `@ada.jsonl`\n\n- a line\n')
  })

  it('lists what was asked, where it was several things', () => {
    const checks = [
      { name: 'a', passed: true, text: 'pass@1 is' },
      { name: 'b', passed: false, text: 'pass@2 of @ada is not' },
    ]
    expect(markdownSummary({ ...result, gate: { passed: false, text: 'both', checks } })).toBe(
      '### evaluate: `@ada.jsonl`\n\n❌ **gate failed**\n\n- ✅ `pass@1` is\n- ❌ `pass@2` of `@ada` is not\n\n- a line\n',
    )
  })

  it('has a short heading', () => {
    expect(markdownSummary({ ...result, title: 'x'.repeat(1e6) }).split('\n')[0]!.length).toBeLessThan(260)
  })
})

describe('--markdown', () => {
  it('prints the tables of evaluate for a summary, and on standard error what it always says', async () => {
    const files = [log('a.jsonl', 6, { model: 'a|<b>' }), log('b.jsonl', 8, { model: '@ada' })]
    const { stdout, stderr } = await posttrainHere(['evaluate', ...files, '--group-by', 'model', '--markdown'])
    expect(stdout).toContain(
      '| model, k | `pass@k` | `pass^k` |\n| --- | --: | --: |\n| `a`&#124;`<b>`, 1 | 75.0 % \\[',
    )
    expect(stdout).toContain('\n| `@ada`, 1 | 100.0 % \\[')
    const said = 'no metric was asked for (--k, --vote, --best-of, --metric): these are --k 1'
    expect(stderr).toContain(`note: ${said}\n`)
    expect(stdout).toContain(
      '- note: no metric was asked for `(--k`, `--vote`, `--best-of`, `--metric)`: these are `--k` 1\n',
    )
  })

  it('has the verdict and the gate of compare in it', async () => {
    const [before, after] = [log('before.jsonl', 8), log('after.jsonl', 0)]
    const args = ['compare', before, after, '--metric', 'pass@1', '--gate', '--markdown']
    const { status, stdout } = await posttrain(args, cwd)
    expect(status).toBe(1)
    expect(stdout).toContain('\n❌ **gate failed**: B is credibly worse than A\n')
    expect(stdout).toMatch(/\n\| B − A \| \*\*−100\.0 pp\*\* \\\[.*\\\], p = 0\.00781 \|\n/)
    expect(stdout).toContain('\n- B is credibly worse than A\n')
  })

  it.each(['evaluate', 'compare'])('of %s is one form, and --json another', async (command) => {
    const one = log('one.jsonl', 4)
    const files = command === 'evaluate' ? [one] : [one, log('two.jsonl', 5), '--metric', 'mean']
    const { status, stdout, stderr } = await posttrainHere([command, ...files, '--json', '--markdown'])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain("error: option '--markdown' cannot be used with option '--json'")
  })

  it('says so where GitHub would not show it', async () => {
    const rows = [...'abcdef'].map((letter) => ({ task_id: 1, passed: true, model: letter.repeat(2e5) }))
    writeFileSync(path('long.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    const args = ['evaluate', path('long.jsonl'), '--group-by', 'model', '--k', '1', '--markdown']
    const { stderr, stdout } = await posttrainHere(args)
    expect(stderr).toBe(
      `note: the Markdown has ${Buffer.byteLength(stdout)} bytes, and GitHub shows no summary of more than 1048576\n`,
    )
  })

  it('works as the step of a workflow that the README shows', async () => {
    log('samples.jsonl', 8)
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const [, step] = /^ *run: npx posttrain (evaluate .*--markdown.*)$/m.exec(readme)!
    const command = [process.execPath, ...COMMAND].map((part) => `'${part}'`).join(' ')
    // Eight samples of a task, where the log has one: pass@8 becomes pass@1, which eight tasks cannot show to be 0.9.
    const script = `set -e\n${command} ${step!.replace('pass@8', 'pass@1')}`
    const env = { ...process.env, GITHUB_STEP_SUMMARY: path('summary.md') }
    const ended = spawnSync('bash', ['-c', script], { cwd, env, encoding: 'utf8' })
    expect([ended.status, ended.stdout]).toEqual([1, ''])
    expect(readFileSync(path('summary.md'), 'utf8')).toMatch(
      /^### evaluate: `samples\.jsonl`\n\n❌ \*\*gate failed\*\*: `pass@1` is not shown .* 8 tasks cannot show it, .* 38 could\n/,
    )
  })
})
