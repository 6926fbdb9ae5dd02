import type { Device } from '@posttrain/compute'
import { median } from './median.js'
import { compilePeak } from './wasm-peak.js'

/** Operations per second of one product, beside what the machine can do in WASM SIMD at that moment. */
export interface MatmulRate {
  readonly shape: string
  readonly gflops: number
  readonly peak: number
}

const tokens = 2048

/** m, n, k and which operand is transposed: the products of one layer of the benchmark model, and of a decoding step. */
const shapes: readonly (readonly [string, number, number, number, 'NN' | 'NT' | 'TN'])[] = [
  ['qkv forward', tokens, 384, 128, 'NN'],
  ['up forward', tokens, 512, 128, 'NN'],
  ['down forward', tokens, 128, 512, 'NN'],
  ['up backward, input', tokens, 128, 512, 'NT'],
  ['down backward, input', tokens, 512, 128, 'NT'],
  ['up backward, weights', 128, 512, tokens, 'TN'],
  ['down backward, weights', 512, 128, tokens, 'TN'],
  ['decode 512 rows, up', 512, 384, 96, 'NN'],
  ['decode 512 rows, logits', 512, 39, 96, 'NN'],
]

const gigaPerSecond = (operations: number, work: () => void): number => {
  const start = process.hrtime.bigint()
  work()
  return operations / Number(process.hrtime.bigint() - start)
}

/** Medians over rounds that alternate between product and peak, so that both see the same moments of the machine. */
export async function matmulRates(device: Device, rounds = 60): Promise<readonly MatmulRate[]> {
  const peak = await compilePeak()
  return shapes.map(([what, m, n, k, kind]) => {
    const [a, b, out] = [device.allocate(m * k), device.allocate(k * n), device.allocate(m * n)]
    device.fill(a, 0.5)
    device.fill(b, 0.25)
    const product = (): void =>
      device.matmul({ m, n, k, a, b, out, transposeA: kind === 'TN', transposeB: kind === 'NT' })
    const peakRounds = Math.ceil((2 * m * n * k) / peak(1))
    product()
    const rates: number[] = []
    const peaks: number[] = []
    for (let i = 0; i < rounds; i++) {
      rates.push(gigaPerSecond(2 * m * n * k, product))
      peaks.push(gigaPerSecond(peakRounds * peak(1), () => void peak(peakRounds)))
    }
    for (const buffer of [a, b, out]) buffer.dispose()
    return { shape: `${what}: ${m} × ${k} · ${k} × ${n} ${kind}`, gflops: median(rates), peak: median(peaks) }
  })
}
