import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Attempt } from './attempt.js'
import { hostileLog, type Asked } from './hostile-log.js'

const file = (path: string): string => fileURLToPath(new URL(`../../../packages/cli/${path}`, import.meta.url))
const COMMAND = [
  `--import=${file('test/typescript-loader.mjs')}`,
  '--conditions=@posttrain/source',
  file('src/main.ts'),
]
/** Controls but line ends, marks of direction, characters without width and halves. */
const UNSEEN = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}/u

/** Options of `posttrain evaluate` that ask the same; what no argument can hold is left out. */
function optionsOf({
  system,
  objectives = [],
  ties,
  unparsed,
  unscored,
  dropShort,
  level,
  seed,
  curve,
}: Asked): string[] {
  const sizes = (family: string): string =>
    objectives
      .filter((name) => name.startsWith(family))
      .map((name) => name.slice(family.length))
      .join(',')
  const given = {
    where: system && `system=${system}`,
    k: sizes('pass@'),
    vote: sizes('maj@'),
    'best-of': sizes('best-of-'),
    ties,
    unparsed,
    unscored,
    level,
    seed,
  }
  const options = Object.entries(given).flatMap(([name, value]) => {
    const text = String(value ?? '')
    return text === '' || text.includes('\0') || text.length > 50_000 ? [] : [`--${name}=${text}`]
  })
  return [...options, ...(dropShort ? ['--drop-short'] : []), ...(curve ? ['--report=report.html'] : [])]
}

/** Gives one hostile log to the command in a process of its own. */
export async function throughCommand(seed: number, number: number): Promise<Attempt> {
  const { bytes, asked, what } = hostileLog(seed, number)
  const cwd = mkdtempSync(join(tmpdir(), 'posttrain-hostile-'))
  writeFileSync(join(cwd, 'hostile.jsonl'), bytes)
  try {
    const { status, stderr } = await run(cwd, ['evaluate', 'hostile.jsonl', ...optionsOf(asked)])
    const said = stderr.length <= 5_000 && !UNSEEN.test(stderr) && !/\n {4}at /.test(stderr)
    const ended = status === 0 ? 'accepted' : status === 2 && said ? 'typed' : 'untyped'
    return { what: `command, ${number}: ${what}`, outcome: ended, message: stderr, seconds: 0, bytes: 0 }
  } finally {
    rmSync(cwd, { recursive: true })
  }
}

function run(cwd: string, args: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...COMMAND, ...args], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 60_000,
    })
    let stderr = ''
    child.stderr.on('data', (chunk) => (stderr += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stderr }))
  })
}
