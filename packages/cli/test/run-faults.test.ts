import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMAND, emptyFolder, posttrain, type Ended } from './posttrain.js'

const cwd = emptyFolder()
const RUN = [
  'run',
  'game24',
  '--algorithm',
  'mean',
  '--steps',
  '120',
  '--prompts',
  '1',
  '--samples',
  '4',
  '--tasks',
  '2',
]

/** SHA-256 of every file under a folder, by its path, but that of when the run was at work. */
function tree(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  const files = paths.filter((path) => !path.endsWith('/sessions.jsonl'))
  const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')
  return Object.fromEntries(files.map((file) => [file.slice(folder.length), hash(file)]))
}

type Child = ChildProcessByStdio<null, Readable, Readable>

/** Starts the command, waits until a training state is saved, and acts. @returns how it ended, in the child's words */
async function whenSaved(
  args: readonly string[],
  out: string,
  step: number,
  act: (child: Child) => unknown,
): Promise<Ended> {
  const child = spawn(process.execPath, [...COMMAND, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })))
  const state = join(cwd, out, `work/mean/step-${step}.safetensors`)
  while (!existsSync(state) && child.exitCode === null) await pause(10)
  await act(child)
  return ended
}

let whole: Record<string, string>
beforeAll(async () => {
  const { status, stderr } = await posttrain([...RUN, '--out', 'whole'], cwd)
  expect(stderr).not.toMatch(/\n {4}at /)
  expect(status).toBe(0)
  whole = tree(join(cwd, 'whole'))
}, 300_000)
afterAll(() => rmSync(cwd, { recursive: true }))

describe('a run', () => {
  it('saves at SIGHUP and where nobody reads its messages, survives kill -9, is held by one process, and ends with the same bytes', async () => {
    const resume = ['run', 'game24', '--resume', 'stopped']
    const hungUp = await whenSaved([...RUN, '--out', 'stopped'], 'stopped', 25, async (child) => {
      child.kill('SIGSTOP') // else it is over before the others have begun
      for (const second of [resume, [...RUN, '--out', 'stopped']]) {
        const refused = await posttrain(second, cwd)
        expect(refused.stderr).toContain(
          `stopped is in use by process ${child.pid}\nhint: wait until it ends, or stop it`,
        )
        expect(refused).toMatchObject({ status: 2, stdout: '' })
      }
      child.kill('SIGHUP')
      child.kill('SIGCONT')
    })
    expect(hungUp).toMatchObject({ status: 130, stdout: '' })
    expect(hungUp.stderr).toContain('stopped; continue with: posttrain run game24 --resume')
    const killed = await whenSaved(resume, 'stopped', 75, (child) => child.kill('SIGKILL'))
    expect(killed.status).toBe(null)
    const unread = await whenSaved(resume, 'stopped', 100, (child) => child.stderr.destroy())
    expect([0, 141]).toContain(unread.status)
    const end = await posttrain(resume, cwd)
    expect(end.status).toBe(0)
    expect(tree(join(cwd, 'stopped'))).toEqual(whole)
  }, 600_000)

  it('ends where its folder is removed, and does not make it again', async () => {
    const remove = (): void => rmSync(join(cwd, 'gone'), { recursive: true, force: true, maxRetries: 5 })
    const gone = await whenSaved([...RUN, '--out', 'gone'], 'gone', 25, remove)
    expect(gone).toMatchObject({ status: 2, stdout: '' })
    expect(gone.stderr).toMatch(
      /error: .*gone is gone: it was removed or moved while the run was writing to it\nhint: /,
    )
    expect(gone.stderr).not.toMatch(/\n {4}at /)
    expect(existsSync(join(cwd, 'gone'))).toBe(false)
  }, 300_000)

  it('ends before the step that would not be finite', async () => {
    const { status, stderr } = await posttrain([...RUN, '--lr', '1e38', '--out', 'large'], cwd)
    expect(status).toBe(2)
    expect(stderr).toMatch(
      /error: training mean ended before step \d+: .*\nhint: .*start a new run with a smaller learning/,
    )
    expect(stderr).not.toMatch(/\n {4}at /)
  }, 300_000)

  const disk = join(cwd, 'disk')
  mkdirSync(disk)
  const mount = (options: string): number | null =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status
  const canMount = mount('size=12m') === 0
  it.skipIf(!canMount)(
    `ends where the disk is full, and goes on when there is space${canMount ? '' : ' (skipped: no tmpfs can be mounted)'}`,
    async () => {
      try {
        const full = await posttrain([...RUN, '--out', 'disk/run'], cwd)
        expect(full).toMatchObject({ status: 2, stdout: '' })
        expect(full.stderr).toMatch(
          /error: cannot save to .*disk\/run: no space is left on the disk.*\nhint: what was saved/,
        )
        expect(full.stderr).not.toMatch(/\n {4}at /)
        spawnSync('mount', ['-o', 'remount,size=200m', disk])
        expect((await posttrain(['run', 'game24', '--resume', 'disk/run'], cwd)).status).toBe(0)
        expect(tree(join(disk, 'run'))).toEqual(whole)
        spawnSync('mount', ['-o', 'remount,ro', disk])
        expect((await posttrain(['run', 'game24', '--resume', 'disk/run'], cwd)).status).toBe(0)
        const refused = await posttrain([...RUN, '--out', 'disk/other'], cwd)
        expect(refused.stderr).toMatch(/error: cannot write to .*disk\/other: the file system is read-only/)
        expect(refused.status).toBe(2)
      } finally {
        spawnSync('umount', [disk])
      }
    },
    600_000,
  )
})

describe('--out is tried before anything is trained', () => {
  it.each([
    ['run', '/proc/posttrain', /cannot write to \/proc\/posttrain: /],
    ['run', '/dev/null', /exists and is not an empty folder/],
    ['pretrain', 'whole', /cannot write whole: it is a folder/],
    ['pretrain', 'none/a.safetensors', /cannot write none\/a\.safetensors: there is no such file or folder/],
    ['pretrain', '/proc/a.safetensors', /cannot write \/proc\/a\.safetensors: /],
    ['pretrain', '/dev/null', /cannot write \/dev\/null: it is no file/],
  ])('%s %s', async (command, out, message) => {
    const { status, stdout, stderr } = await posttrain([command, 'game24', '--out', out], cwd)
    expect(stderr).toMatch(message)
    expect(stderr).toContain('hint: choose another --out')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})
