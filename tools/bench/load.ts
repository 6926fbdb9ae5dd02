import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const CLIENTS = 200
export const SECONDS = Number(process.env['LOAD_SECONDS'] ?? 60)
export const TOKEN = 'load'
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))

/** What clients saw. */
export interface Load {
  readonly seconds: number
  /** Milliseconds from a request that was let in to its answer. */
  readonly latencies: number[]
  /** Answers that were another request's. */
  crossed: number
  /** Requests answered by something else than an answer or 503, or not at all. */
  lost: number
  /** Requests answered by 503, each of which was sent again. */
  refused: number
}

/** What became of a request; status 0 where it was not answered. */
export interface Answered {
  readonly status: number
  /** Whether it is the answer to this request. */
  readonly isRight: boolean
}

/**
 * Loads a server of the command with 200 clients, each of which asks again once it is answered.
 *
 * @param args of `posttrain serve`
 * @param ask sends a request, whose number tells its answer from all others
 */
export async function loaded(
  args: readonly string[],
  ask: (url: string, serial: number) => Promise<Answered>,
): Promise<Load> {
  const { child, url } = await serve(args)
  try {
    await ask(url, 0) // what is loaded at the first request
    const began = performance.now()
    const end = began + SECONDS * 1000
    const seen = { latencies: [] as number[], crossed: 0, lost: 0, refused: 0 }
    let serial = 0
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        const own = ++serial
        for (let answer = 503; answer === 503;) {
          const sent = performance.now()
          const { status, isRight } = await ask(url, own).catch(() => ({ status: 0, isRight: false }))
          answer = status
          if (status === 503) {
            seen.refused++
            await new Promise((resolve) => setTimeout(resolve, 500 + 1000 * Math.random()))
          } else if (status !== 200) seen.lost++
          else {
            seen.latencies.push(performance.now() - sent)
            if (!isRight) seen.crossed++
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

/** Says what clients saw. */
export function tell(name: string, what: string, { latencies, crossed, lost, refused, seconds }: Load): void {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => quantile(latencies, q).toFixed(0))
  process.stdout.write(
    `${CLIENTS} clients, ${seconds.toFixed(0)} s, ${name}: ${latencies.length} ${what}, ${crossed} crossed, ${lost} lost, ` +
      `${refused} answered 503; latency ${p50} ms median, ${p95} ms 95th, ${p99} ms 99th percentile\n`,
  )
}

/** Starts the command on a free port. */
function serve(args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const command = [...process.execArgv, MAIN, 'serve', ...args, '--port', '0']
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

/** The smallest value that is not below a share `q` of them. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN
}
