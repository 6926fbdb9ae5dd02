import { spawn, spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { codeVerifier, type CodeVerifierOptions } from '@posttrain/code-verifier'
import { benchPrograms, type BenchProgram } from './code-programs.js'
import { report, type Result } from './report.js'

const ROUNDS = 3
const CONCURRENCY = availableParallelism()
const LIMITS = { seconds: 60 }

/** One way to judge programs. It starts cold at the first one. */
interface Side {
  readonly name: string
  judge(program: BenchProgram): Promise<boolean>
  close(): void
}

/** What one side did: milliseconds of the first verdict, and of all that came later; programs per second of those. */
interface Measured {
  readonly first: number
  readonly latencies: readonly number[]
  readonly perSecond: readonly number[]
}

/**
 * Judges the same programs with workers, with processes and with a `python3` for each, as many at a time as there are
 * processors. The sides take turns, and each must pass every program.
 */
export async function run(): Promise<void> {
  const { name, programs } = benchPrograms()
  const peer = cpython()
  const levels: readonly [string, CodeVerifierOptions][] = [
    ['worker', {}],
    ['process', { isolation: 'process' }],
    ['process-without-network, cpython', { isolation: 'process-without-network', python: 'cpython' }],
  ]
  const sides = [...levels.map(([level, options]) => ours(level, options)), peer]
  const measured = new Map<Side, Measured>()
  for (const side of sides)
    measured.set(side, { first: await timed(() => pass(side, programs[0]!)), latencies: [], perSecond: [] })
  for (let round = 0; round < ROUNDS; round++) {
    for (const side of sides) {
      const { first, latencies, perSecond } = measured.get(side)!
      const each: number[] = []
      const whole = await timed(() => judgeAll(side, programs, each))
      measured.set(side, {
        first,
        latencies: [...latencies, ...each],
        perSecond: [...perSecond, (1000 * programs.length) / whole],
      })
    }
  }
  for (const side of sides) side.close()
  const of = (side: Side): readonly number[] => figures(measured.get(side)!)
  report(
    sides.slice(0, -1).flatMap((side) =>
      FIGURES.map((unit, i): Result => {
        const [value, peerValue] = [of(side)[i]!, of(peer)[i]!]
        return { bench: side.name, ours: value, peer: peer.name, peer_value: peerValue, ratio: value / peerValue, unit }
      }),
    ),
  )
  process.stdout.write(`\n${name}, ${CONCURRENCY} at a time, ${ROUNDS} rounds\n`)
}

const FIGURES = ['programs/s', 'ms, median', 'ms, 95th percentile', 'ms, first verdict']

const figures = ({ first, latencies, perSecond }: Measured): readonly number[] => [
  quantile(perSecond, 0.5),
  quantile(latencies, 0.5),
  quantile(latencies, 0.95),
  first,
]

/** The smallest value that is not below a share `q` of them. */
function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

async function pass(side: Side, program: BenchProgram): Promise<void> {
  if (!(await side.judge(program)))
    throw new Error(`${side.name} fails a program that solves its task:\n${program.script}`)
}

/** All programs, so many at a time; a program's latency is from when its turn came to its verdict. */
async function judgeAll(side: Side, programs: readonly BenchProgram[], latencies: number[]): Promise<void> {
  const left = [...programs]
  const lane = async (): Promise<void> => {
    for (let program = left.pop(); program !== undefined; program = left.pop()) {
      const taken = program
      latencies.push(await timed(() => pass(side, taken)))
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, lane))
}

function ours(level: string, options: CodeVerifierOptions): Side {
  const verifier = codeVerifier({ ...options, concurrency: CONCURRENCY, limits: LIMITS })
  return {
    name: `code-verifier ${level}`,
    judge: async ({ code, tests }) => (await verifier.verify({ language: 'python', code, tests })).verdict === 'passed',
    close: () => verifier.close(),
  }
}

/** The machine's own Python without any isolation, a process for each program: passed is exit status 0. */
function cpython(): Side {
  const found = spawnSync(process.env['PYTHON'] ?? 'python3', [
    '-c',
    'import platform, sys; print(sys.executable, platform.python_version())',
  ])
  const [executable, version] = found.stdout?.toString().trim().split(' ') ?? []
  if (executable === undefined || version === undefined) throw new Error('PYTHON must name a python3 to compare with')
  return {
    name: `python3 ${version} per program`,
    judge: ({ script }) =>
      new Promise((resolve, reject) => {
        const child = spawn(executable, ['-c', script], { stdio: 'ignore', timeout: 1000 * LIMITS.seconds })
        child.on('error', reject)
        child.on('close', (status) => resolve(status === 0))
      }),
    close: () => undefined,
  }
}
