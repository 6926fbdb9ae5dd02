import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { report } from './report.js'

const CLIENTS = 200
const SECONDS = Number(process.env['LOAD_SECONDS'] ?? 60)
const TOKEN = 'load'
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** A program whose verdict is known: each has a number of its own, so that a verdict of another is noticed. */
interface KnownProgram {
  readonly code: string
  readonly test: string
  readonly passes: boolean
}

function knownProgram(serial: number): KnownProgram {
  const passes = (serial * 2654435761) % 4294967296 < 2147483648
  const code = `def shift(xs):\n    return sorted(x + ${passes ? serial : serial + 1} for x in xs)\n`
  return { code, test: `assert shift([3, 1, 2]) == [${[1, 2, 3].map((x) => x + serial).join(', ')}]`, passes }
}

/** What clients saw. */
interface Load {
  readonly seconds: number
  /** Milliseconds from a request that was let in to its verdict. */
  readonly latencies: number[]
  /** Verdicts that were not those of their programs. */
  crossed: number
  /** Requests answered by something else than a verdict or 503, or not at all. */
  lost: number
  /** Requests answered by 503, each of which was sent again. */
  refused: number
}

/**
 * Loads `posttrain serve rewards --reward python` with 200 clients for a minute, once with room for all and once with a
 * queue that is too short, and compares its throughput with a `python3` per program.
 */
export async function run(): Promise<void> {
  const peer = await cpython(Math.min(SECONDS, 20))
  const roomy = await loaded([])
  const tight = await loaded(['--queue', '50'])
  for (const [name, { latencies, crossed, lost, refused, seconds }] of [
    ['room for all', roomy],
    ['a queue of 50', tight],
  ] as const) {
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(latencies, q).toFixed(0))
    process.stdout.write(
      `${CLIENTS} clients, ${seconds.toFixed(0)} s, ${name}: ${latencies.length} verdicts, ${crossed} crossed, ${lost} lost, ` +
        `${refused} answered 503; latency ${p50} ms median, ${p95} ms 95th, ${p99} ms 99th percentile\n`,
    )
  }
  const ours = roomy.latencies.length / roomy.seconds
  const name = `python3 ${peer.version} per program`
  report([
    {
      bench: 'reward-server',
      ours,
      peer: name,
      peer_value: peer.perSecond,
      ratio: ours / peer.perSecond,
      unit: 'programs/s',
    },
  ])
  if (roomy.crossed + roomy.lost + tight.crossed + tight.lost > 0) throw new Error('verdicts were crossed or lost')
}

async function loaded(args: readonly string[]): Promise<Load> {
  const { child, url } = await serve(args)
  try {
    await judged(url, knownProgram(0)) // interpreters start at the first program
    const began = performance.now()
    const end = began + SECONDS * 1000
    const seen = { latencies: [] as number[], crossed: 0, lost: 0, refused: 0 }
    let serial = 0
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        const program = knownProgram(++serial)
        for (let answer = 503; answer === 503;) {
          const sent = performance.now()
          const { status, reward } = await judged(url, program)
          answer = status
          if (status === 503) {
            seen.refused++
            await new Promise((resolve) => setTimeout(resolve, 500 + 1000 * Math.random()))
          } else if (status !== 200) seen.lost++
          else {
            seen.latencies.push(performance.now() - sent)
            if (reward !== Number(program.passes)) seen.crossed++
          }
        }
      }
    }
    await Promise.all(Array.from({ length: CLIENTS }, client))
    return { seconds: (performance.now() - began) / 1000, ...seen }
  } finally {
    child.kill('SIGTERM')
  }
}

/** Starts the command on a free port. */
function serve(args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const command = [...process.execArgv, MAIN, 'serve', 'rewards', '--reward', 'python', '--port', '0', ...args]
  const child = spawn(process.execPath, command, {
    env: { ...process.env, POSTTRAIN_TOKEN: TOKEN },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => reject(new Error(`the server ended with ${status}`)))
    child.stdout.once('data', (url) => resolve({ child, url: String(url).trim() }))
  })
}

/** @returns status 0 for a request that was not answered */
async function judged(url: string, { code, test }: KnownProgram): Promise<{ status: number; reward?: unknown }> {
  try {
    const response = await fetch(`${url}/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ samples: [{ response: code, reference: test }] }),
    })
    const { outcomes } = (await response.json()) as { outcomes?: readonly { readonly reward: unknown }[] }
    return { status: response.status, reward: outcomes?.[0]?.reward }
  } catch {
    return { status: 0 }
  }
}

/** The machine's own Python without any isolation, a process for each program, as many at a time as processors. */
async function cpython(seconds: number): Promise<{ readonly version: string; readonly perSecond: number }> {
  const python = process.env['PYTHON'] ?? 'python3'
  const version = spawnSync(python, ['-c', 'import platform; print(platform.python_version())'])
    .stdout.toString()
    .trim()
  const end = performance.now() + seconds * 1000
  let done = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const { code, test, passes } = knownProgram(done++)
      const status = await new Promise((resolve, reject) => {
        const child = spawn(python, ['-c', `${code}\n${test}`], { stdio: 'ignore' })
        child.on('error', reject)
        child.on('close', resolve)
      })
      if ((status === 0) !== passes) throw new Error('python3 disagrees with what is known')
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  return { version, perSecond: done / seconds }
}

/** The smallest value that is not below a share `q` of them. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN
}
