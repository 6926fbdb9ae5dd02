import { cpus } from 'node:os'
import type { MatmulRate } from './compute-matmul.js'
import { median } from './median.js'
import { report, type Result } from './report.js'
import { canPin, startWorker, type Worker } from './worker.js'

const ROUNDS = 15

/** Both sides start from the same weights and batch: the same model gives the same losses. */
async function requireSameModel(ours: Worker, peer: Worker): Promise<void> {
  for (let i = 0; i < 3; i++) {
    const [a, b] = [(await ours.ask('loss')) as number, (await peer.ask('loss')) as number]
    if (Math.abs(a - b) > 1e-4) throw new Error(`the losses after ${i} steps differ: ours ${a}, peer ${b}`)
  }
}

/** Compares one training step of the benchmark model with jax-js, and products with the machine's WASM SIMD peak. */
export async function run(): Promise<void> {
  const ours = startWorker('compute-ours.ts')
  const peer = startWorker('compute-jax.ts')
  try {
    await requireSameModel(ours, peer)
    const [oursTimes, peerTimes]: [number[], number[]] = [[], []]
    for (let round = 0; round < ROUNDS; round++) {
      oursTimes.push((await ours.ask('step')) as number)
      peerTimes.push((await peer.ask('step')) as number)
    }
    const [a, b] = [median(oursTimes), median(peerTimes)]
    // A round's two steps run one after the other and see the same machine: their ratio is steadier than either time.
    const ratio = median(oursTimes.map((time, round) => time / peerTimes[round]!))
    const results: Result[] = [
      { bench: 'training step', ours: a, peer: 'jax-js 0.1.25', peer_value: b, ratio, unit: 'ms CPU' },
    ]
    for (const { shape, gflops, peak } of (await ours.ask('matmul')) as readonly MatmulRate[]) {
      const ratio = gflops / peak
      results.push({ bench: shape, ours: gflops, peer: 'WASM SIMD peak', peer_value: peak, ratio, unit: 'GFLOP/s' })
    }
    report(results)
    process.stdout.write(
      `\n${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, ${canPin ? 'pinned to core 0' : 'not pinned'}, ` +
        `medians of ${ROUNDS} interleaved rounds\n`,
    )
  } finally {
    ours.stop()
    peer.stop()
  }
}
