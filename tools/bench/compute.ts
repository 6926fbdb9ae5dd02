import { cpus } from 'node:os'
import { NEW_TOKENS, SEQUENCES } from './compute-decoder.js'
import { modelAsJson } from './compute-exchange.js'
import type { MatmulRate } from './compute-matmul.js'
import { startPython } from './compute-python.js'
import { requireSameLogits, requireSameLosses } from './compute-same.js'
import type { SizedStep } from './compute-sizes.js'
import { compareThreads } from './compute-threads.js'
import { median } from './median.js'
import { report, type Result } from './report.js'
import { canPin, startWorker, type Worker } from './worker.js'

const ROUNDS = Number(process.env['ROUNDS'] ?? 15)

/** Whoever is measured, by name; ours first. */
type Sides = Readonly<Record<string, Worker>>

/** Asks all sides in turn, round after round, so that all see the same moments of the machine. */
async function interleave(sides: Sides, request: string): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(sides).map((name) => [name, []]))
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, side] of Object.entries(sides)) {
      const time = (await side.ask(request)) as number
      if (round >= 0) times[name]!.push(time) // the first round compiles
    }
  }
  return times
}

const FUSED = 'ours with fused multiply-add'

/** Node 20 has relaxed SIMD behind a flag. */
const fusedFlags = process.version.startsWith('v20.') ? ['--experimental-wasm-relaxed-simd'] : []

/** One of ours against each peer. A round's times are of one moment: their ratios are steadier than either time. */
function compare(
  side: 'ours' | typeof FUSED,
  bench: string,
  unit: string,
  times: Readonly<Record<string, number[]>>,
  value: (milliseconds: number) => number,
): Result[] {
  const ours = times[side]!
  const peers = Object.entries(times).filter(([name]) => name !== 'ours' && name !== FUSED)
  return peers.map(([peer, theirs]) => ({
    bench: side === 'ours' ? bench : `${bench}, fused`,
    ours: median(ours.map(value)),
    peer,
    peer_value: median(theirs.map(value)),
    ratio: median(ours.map((time, round) => value(time) / value(theirs[round]!))),
    unit,
  }))
}

/** What is not here says so in a row of its own. */
const skipped = (bench: string, times: readonly number[], unit: string): Result => ({
  bench,
  ours: median(times),
  peer: 'PyTorch: skipped, set PYTHON to a Python that has torch',
  peer_value: Number.NaN,
  ratio: Number.NaN,
  unit,
})

const productResult = ({ shape, gflops, peak }: MatmulRate): Result => ({
  bench: shape,
  ours: gflops,
  peer: 'WASM SIMD peak',
  peer_value: peak,
  ratio: gflops / peak,
  unit: 'GFLOP/s',
})

function printSizes(sizes: readonly SizedStep[]): void {
  process.stdout.write('\nparameters   context   tokens   ms CPU   GFLOP/s (one thread, best of three steps)\n')
  for (const { parameters, context, tokens, milliseconds, gflops } of sizes) {
    process.stdout.write(
      `${JSON.stringify({ bench: 'cost against size', parameters, context, tokens, milliseconds })}\n`,
    )
    const figures = [
      [(parameters / 1e6).toFixed(2), 8],
      [context, 12],
      [tokens, 9],
      [milliseconds.toFixed(0), 9],
      [gflops.toFixed(1), 10],
    ] as const
    process.stdout.write(`${figures.map(([x, width]) => String(x).padStart(width)).join('')}\n`)
  }
}

/** Training step, decoding and products beside their peers, threads beside one thread, and cost against size. */
export async function run(): Promise<void> {
  const torch = await startPython('compute-torch.py', modelAsJson())
  const ours = startWorker('compute-ours.ts')
  const [jax, jaxDecode, tfjs] = [
    startWorker('peers/compute-jax.ts'),
    startWorker('peers/compute-jax-decode.ts'),
    startWorker('peers/compute-tfjs.ts'),
  ]
  const python: Sides = torch === undefined ? {} : { [`PyTorch ${torch.version} eager`]: torch }
  const fused = startWorker('compute-ours.ts', { args: ['1', 'fused'], flags: fusedFlags })
  const stepping = { ours, [FUSED]: fused, 'jax-js 0.1.25 wasm': jax, 'tfjs 4.22.0 wasm': tfjs, ...python }
  const decoding = { ours, [FUSED]: fused, 'jax-js 0.1.25 wasm': jaxDecode, ...python }
  try {
    await requireSameLogits(decoding) // first: a step changes PyTorch's weights for both
    await requireSameLosses(stepping)
    const tokensPerSecond = (milliseconds: number): number => (1000 * SEQUENCES * NEW_TOKENS) / milliseconds
    const steps = await interleave(stepping, 'step')
    const decodes = await interleave(decoding, 'decode')
    const decode = `decode ${SEQUENCES} × ${NEW_TOKENS}`
    const results = [
      ...(['ours', FUSED] as const).flatMap((side) => [
        ...compare(side, 'training step', 'ms CPU', steps, (x) => x),
        ...compare(side, decode, 'tokens/s CPU', decodes, tokensPerSecond),
      ]),
      ...(torch === undefined
        ? [
            skipped('training step', steps['ours']!, 'ms CPU'),
            skipped(decode, decodes['ours']!.map(tokensPerSecond), 'tokens/s CPU'),
          ]
        : []),
      ...((await ours.ask('matmul')) as readonly MatmulRate[]).map(productResult),
      ...(await compareThreads(ROUNDS)),
    ]
    report(results)
    printSizes((await ours.ask('sizes')) as readonly SizedStep[])
    const where = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} processors, Node ${process.version}`
    const how = `${canPin ? 'pinned to core 0 (threads: not)' : 'not pinned'}, medians of ${ROUNDS} interleaved rounds`
    process.stdout.write(`\n${where}, ${how}\n`)
  } finally {
    for (const side of [ours, fused, jax, jaxDecode, tfjs, ...Object.values(python)]) side.stop()
  }
}
