import type { Device } from '@posttrain/compute'
import fc from 'fast-check'
import { calls, size } from './arbitraries.js'
import type { Conformance } from './conform.js'
import { type KernelCall, runKernel } from './run-kernel.js'

/** Devices may differ where a uniform or a cut lies this close to the border between two tokens. */
const DELTA = 1e-6

/** Calls with ties, masked tokens, and every combination of cuts. */
const samplingCalls = calls(
  {
    rows: size(0, 20),
    vocabulary: fc.constantFrom(1, 2, 3, 4, 5, 31, 39, 64),
    temperature: fc.constantFrom(0, 0.3, 1, 2),
    topK: fc.constantFrom(undefined, 1, 2, 5, 100),
    topP: fc.constantFrom(undefined, 0.1, 0.5, 0.9, 1),
    minP: fc.constantFrom(undefined, 0, 0.05, 0.5, 1),
    tied: fc.boolean(),
  },
  ({ rows, vocabulary, tied }, d) => ({
    logits: d.normal(rows * vocabulary, 2).map((x, i) => {
      if (i % vocabulary > 0 && i % 7 === 6) return -Infinity
      return tied ? Math.round(x) : x
    }),
    uniforms: d.uniform(rows),
    tokens: new Int32Array(rows),
    logprob: d.normal(rows),
  }),
)

/** The same call with everything continuous moved by ± DELTA, in every combination. */
function* neighbours({ settings, buffers }: KernelCall): Generator<KernelCall> {
  const { topP, minP } = settings as { topP?: number; minP?: number }
  const uniforms = buffers['uniforms'] as readonly number[]
  for (const a of [-DELTA, DELTA]) {
    for (const b of [-DELTA, DELTA]) {
      for (const c of [-DELTA, DELTA]) {
        const cuts = {
          ...(topP === undefined ? {} : { topP: Math.min(1, topP + b) }),
          ...(minP === undefined ? {} : { minP: Math.min(1, minP * (1 + c)) }),
        }
        const moved = uniforms.map((u) => Math.min(Math.max(0, u + a), 1 - DELTA))
        yield { settings: { ...settings, ...cuts }, buffers: { ...buffers, uniforms: moved } }
      }
    }
  }
}

/**
 * Runs `sampleTokens` on both devices: every token must lie between those that the reference takes for calls moved by
 * ± 1e-6, else the error is infinite; the error is that of the log-probs of the device's own tokens.
 */
export async function conformSampling(
  device: Device,
  reference: Device,
  runs: number,
  seed: number,
): Promise<Conformance> {
  let worst: Conformance = { error: 0, where: '' }
  for (const call of fc.sample(samplingCalls, { numRuns: runs, seed })) {
    const { tokens, logprob } = await runKernel(device, 'sampleTokens', call)
    const allowed: Float64Array[] = []
    for (const near of neighbours(call)) allowed.push((await runKernel(reference, 'sampleTokens', near))['tokens']!)
    const buffers = { logits: call.buffers['logits']!, targets: Int32Array.from(tokens!), logprob: [...logprob!] }
    const { logprob: expected } = await runKernel(reference, 'tokenScores', { settings: call.settings, buffers })
    tokens!.forEach((token, row) => {
      const near = allowed.map((taken) => taken[row]!)
      const taken = token >= Math.min(...near) && token <= Math.max(...near)
      const error = taken ? Math.abs(logprob![row]! - expected![row]!) : Infinity
      if (error > worst.error || Number.isNaN(error)) {
        worst = {
          error,
          where: `row ${row}: token ${token}, not ${near.join(' ')}, of ${JSON.stringify(call.settings)}`,
        }
      }
    })
  }
  return worst
}
