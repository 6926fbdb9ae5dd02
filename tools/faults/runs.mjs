// Kills, starves and takes away the folders of real runs, and looks whether they go on to the same bytes.
//
//   npx tsc -b packages/cli && node tools/faults/runs.mjs [kills] [full disks] [vanished folders] [seed]
//
// 50, 10 and 10 unless given; some minutes each ten. Kills are at system calls, by strace; full disks are tmpfs, for
// which one must be root. Without either the part is left out, and the table says so. Status 1 if anything was lost.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createStream } from '@posttrain/core'
import { resumeRun } from '@posttrain/recipes'

const BIN = fileURLToPath(new URL('../../packages/cli/bin/posttrain.js', import.meta.url))
const RUN = 'run game24 --algorithm mean --steps 60 --prompts 1 --samples 4 --tasks 2 --device wasm'.split(' ')
/** What a run asks of a disk, and one call that has nothing to do with it. */
const CALLS = ['openat', 'write', 'fsync', 'rename', 'unlink', 'mkdir', 'rmdir', 'close', 'read']

const [kills = 50, disks = 10, vanished = 10, seed = 1] = process.argv.slice(2).map(Number)
const random = createStream(seed, 'faults of runs')
const work = mkdtempSync(join(tmpdir(), 'posttrain-faults-'))
const rows = []
const seen = {}
let lost = 0

/** How often each call is made, by the thread that makes it most. */
function countCalls() {
  const trace = join(work, 'trace')
  const args = ['-f', '-qq', '-e', `trace=${CALLS.join()}`, '-o', trace, process.execPath, BIN, ...RUN]
  const { error } = spawnSync('strace', [...args, '--out', join(work, 'counted')])
  if (error) return undefined
  const counts = new Map()
  for (const line of readFileSync(trace, 'utf8').split('\n')) {
    const [, thread, call] = /^(\d+)\s+(\w+)\(/.exec(line) ?? []
    if (call) counts.set(`${call} ${thread}`, (counts.get(`${call} ${thread}`) ?? 0) + 1)
  }
  const most = (call) => Math.max(0, ...[...counts].filter(([key]) => key.startsWith(`${call} `)).map(([, n]) => n))
  return CALLS.map((call) => [call, most(call)]).filter(([, count]) => count > 0)
}

function start(command, args, limit = 600_000) {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: limit, killSignal: 'SIGKILL' })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise((resolve) =>
    child.on('close', (status, signal) =>
      resolve({ status, signal, stderr, stack: /\n {4}at |Node\.js v/.test(stderr) }),
    ),
  )
  return { child, ended }
}

/** SHA-256 of every file under a folder, but that of when the run was at work. */
function tree(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const hash = (file) => createHash('sha256').update(readFileSync(file)).digest('hex')
  const all = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  const paths = all.filter((path) => !path.endsWith('/sessions.jsonl'))
  return JSON.stringify(paths.map((file) => [file.slice(folder.length), hash(file)]))
}

/** The last step of the variant that the folder says is saved. */
function savedStep(folder) {
  const journal = join(folder, 'work/mean/journal.jsonl')
  if (!existsSync(journal)) return 0
  const lines = readFileSync(journal, 'utf8').split('\n').slice(0, -1)
  const states = lines.map((line) => JSON.parse(line.slice(65))).filter(({ kind }) => kind === 'state')
  return Math.max(0, ...states.map(({ step }) => step))
}

/** Continues a run to its end, or starts it where it was not a run yet. @returns a word for the table */
async function goOn(folder, whole) {
  if (!existsSync(join(folder, 'config.json'))) {
    const { status, stderr } = await start(process.execPath, [BIN, ...RUN, '--out', folder]).ended
    return status === 0 && tree(folder) === whole ? 'not begun; same bytes' : `LOST: ${stderr.slice(-200)}`
  }
  const saved = savedStep(folder)
  const notices = []
  let first
  try {
    const onProgress = ({ phase, done }) => (first ??= phase === 'train' ? done : undefined)
    await resumeRun('game24', folder, { onProgress, onNotice: (notice) => notices.push(notice) })
  } catch (error) {
    return error.code ? `refused: ${error.message}` : `LOST: ${error.stack}`
  }
  if (first !== undefined && first <= saved) return `LOST: step ${saved} was saved, and step ${first} was made again`
  if (notices.length > 0) return `LOST: ${notices.join('; ')}`
  return tree(folder) === whole ? 'same bytes' : 'LOST: other bytes'
}

function note(part, fault, end, then) {
  if (then.startsWith('LOST') || end.includes('STACK')) lost++
  const kind = `${part}: ${then.replace(/:.*/, '')}`
  seen[kind] = (seen[kind] ?? 0) + 1
  rows.push([part, fault, end, then])
  process.stdout.write(`${part.padEnd(16)} ${fault.padEnd(34)} ${end.padEnd(44)} ${then}\n`)
}

const endOf = ({ status, signal, stderr, stack }) => {
  const sentence = /error: (.*)/.exec(stderr)?.[1] ?? ''
  return `${signal ?? `status ${status}`}${stack ? ' STACK' : ''} ${sentence.slice(0, 100)}`.trim()
}

async function killed(calls, whole, i) {
  const [call, count] = calls[random.integer(calls.length)]
  const when = 1 + random.integer(count)
  const folder = join(work, `kill-${i}`)
  const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${when}`, '-o', '/dev/null']
  const end = await start('strace', ['-f', '-qq', ...inject, process.execPath, BIN, ...RUN, '--out', folder]).ended
  note('kill', `${call} ${when} of ${count}`, endOf({ ...end, stderr: '' }), await goOn(folder, whole))
  rmSync(folder, { recursive: true, force: true })
}

async function starved(whole, i) {
  const disk = join(work, `disk-${i}`)
  mkdirSync(disk)
  const size = 100 + random.integer(20_000)
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}k`, 'tmpfs', disk])
  if (mount.status !== 0) return note('full disk', `${size} kB`, 'left out: no tmpfs can be mounted', 'left out')
  try {
    const folder = join(disk, 'run')
    const end = await start(process.execPath, [BIN, ...RUN, '--out', folder]).ended
    spawnSync('mount', ['-o', 'remount,size=200m', disk])
    note('full disk', `${size} kB`, endOf(end), await goOn(folder, whole))
  } finally {
    spawnSync('umount', [disk])
  }
}

async function takenAway(whole, milliseconds, i) {
  const folder = join(work, `gone-${i}`)
  const { child, ended } = start(process.execPath, [BIN, ...RUN, '--out', folder])
  while (!existsSync(join(folder, 'config.json')) && child.exitCode === null) await pause(5)
  await pause(Math.floor(random.uniform() * milliseconds))
  const moved = `${folder}-moved`
  const move = i % 2 === 0
  if (move) renameSync(folder, moved)
  else rmSync(folder, { recursive: true, force: true })
  const end = await ended
  const again = existsSync(folder) && end.status !== 0 ? 'LOST: made again where it vanished' : undefined
  const then = move ? await goOn(moved, whole) : 'removed'
  note('vanished folder', move ? 'moved' : 'removed', endOf(end), again ?? then)
  for (const one of [folder, moved]) rmSync(one, { recursive: true, force: true })
}

try {
  const base = join(work, 'whole')
  const began = performance.now()
  const { status, stderr } = await start(process.execPath, [BIN, ...RUN, '--out', base]).ended
  if (status !== 0) throw new Error(stderr)
  const took = performance.now() - began
  const whole = tree(base)
  const calls = kills > 0 ? countCalls() : undefined
  if (kills > 0 && !calls) note('kill', '', 'left out: there is no strace', 'left out')
  for (let i = 0; calls && i < kills; i++) await killed(calls, whole, i)
  for (let i = 0; i < disks; i++) await starved(whole, i)
  for (let i = 0; i < vanished; i++) await takenAway(whole, took / 2, i)
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.stdout.write(
  `\n${Object.entries(seen)
    .map(([kind, n]) => `${String(n).padStart(4)}  ${kind}\n`)
    .join('')}`,
)
process.stdout.write(`${rows.length} faults, ${lost} with a loss\n`)
process.exitCode = lost > 0 ? 1 : 0
