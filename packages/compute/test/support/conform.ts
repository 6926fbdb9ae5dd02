import type { Device } from '@posttrain/compute'
import fc from 'fast-check'
import { difference } from './difference.js'
import type { KernelCase } from './kernel-case.js'
import { runKernel } from './run-kernel.js'

/** The worst that was seen of a kernel. */
export interface Conformance {
  /** Largest |device − reference| of an entry, relative to its output's largest entry (at least 1). */
  readonly error: number
  /** The output that has it, and the sizes and settings of the call. */
  readonly where: string
}

/**
 * Runs one kernel on two devices with the same random calls and compares the outputs. Without a test framework, so
 * that a browser page can run it too.
 *
 * @param runs number of calls
 * @param seed of the calls: the same ones for every device
 */
export async function conform(
  device: Device,
  reference: Device,
  kernel: string,
  { calls, outputs }: KernelCase,
  runs: number,
  seed: number,
): Promise<Conformance> {
  let worst: Conformance = { error: 0, where: '' }
  for (const call of fc.sample(calls, { numRuns: runs, seed })) {
    const expected = await runKernel(reference, kernel, call)
    const actual = await runKernel(device, kernel, call)
    for (const output of outputs.filter((o) => o in call.buffers)) {
      const error = difference(actual[output]!, expected[output]!)
      if (error > worst.error) worst = { error, where: `${output} of ${JSON.stringify(call.settings)}` }
    }
  }
  return worst
}
