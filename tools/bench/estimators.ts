import { spawn } from 'node:child_process'
import { cpus } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median } from './median.js'
import { report, type Result } from './report.js'
import { canPin, startWorker } from './worker.js'

const ROUNDS = 11

interface Timing {
  readonly ms: number
  readonly result: number
}

/** NumPy in a process of its own, on the same core; undefined where there is no Python with NumPy. */
async function startNumpy(): Promise<
  { version: string; ask(work: string): Promise<Timing>; stop(): void } | undefined
> {
  const python = process.env['PYTHON'] ?? 'python3'
  const program = [python, fileURLToPath(new URL('estimators-numpy.py', import.meta.url))]
  const [command, ...args] = canPin ? ['taskset', '-c', '0', ...program] : program
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'ignore'] })
  child.on('error', () => undefined) // without Python the stream below ends, and that says it
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async (): Promise<unknown> => {
    const { value, done } = (await lines.next()) as { value?: string; done?: boolean }
    return done || value === undefined ? undefined : JSON.parse(value)
  }
  const greeting = (await read()) as { version: string } | undefined
  if (greeting === undefined) return undefined
  return {
    version: greeting.version,
    async ask(work) {
      child.stdin.write(`${work}\n`)
      return (await read()) as Timing
    },
    stop: () => void child.kill(),
  }
}

/** Both must compute the same thing: equal sums of pass@k, and interval ends that agree within resampling noise. */
function requireAgreement(what: string, ours: Timing, peer: Timing, tolerance: number): void {
  if (!(Math.abs(ours.result - peer.result) <= tolerance)) {
    throw new Error(`${what}: ours is ${ours.result}, NumPy's ${peer.result}`)
  }
}

/** Compares a million pass@k and a bootstrap over 1,000 tasks with NumPy, in one run on one core. */
export async function run(): Promise<void> {
  const numpy = await startNumpy()
  const ours = startWorker('estimators-ours.ts')
  const askOurs = async (work: string): Promise<Timing> => (await ours.ask(work)) as Timing
  try {
    const results: Result[] = []
    const compare = async (bench: string, work: string, peerWork: string, rounds: number, tolerance: number) => {
      const [oursTimes, peerTimes]: [number[], number[]] = [[], []]
      for (let round = 0; round < rounds; round++) {
        const mine = await askOurs(work)
        oursTimes.push(mine.ms)
        if (numpy === undefined) continue
        const theirs = await numpy.ask(peerWork)
        requireAgreement(bench, mine, theirs, tolerance)
        peerTimes.push(theirs.ms)
      }
      const [a, b] = [median(oursTimes), numpy === undefined ? Number.NaN : median(peerTimes)]
      const peer = numpy === undefined ? 'NumPy is not here' : `NumPy ${numpy.version}, ${peerWork}`
      results.push({ bench, ours: a, peer, peer_value: b, ratio: a / b, unit: 'ms CPU' })
    }
    await askOurs('pairs') // the first call compiles
    await askOurs('bootstrap')
    await compare('pass@10 of 10⁶ (n, c), n ≤ 200', 'pairs', 'published', 3, 1e-3)
    await compare('pass@10 of 10⁶ (n, c), n ≤ 200', 'pairs', 'vectorised', ROUNDS, 1e-3)
    await compare('10,000 resamples of 1,000 tasks', 'bootstrap', 'bootstrap', ROUNDS, 2e-3)
    report(results)
    process.stdout.write(
      `\n${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${canPin ? 'pinned to core 0' : 'not pinned'}, ` +
        `medians of ${ROUNDS} interleaved rounds (3 of the published form)\n`,
    )
    if (numpy === undefined) {
      process.stdout.write('NumPy was not found: set PYTHON to a Python that has it for the comparison\n')
    }
  } finally {
    ours.stop()
    numpy?.stop()
  }
}
