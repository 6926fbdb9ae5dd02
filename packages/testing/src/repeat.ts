import { requireFinite, requireInteger } from '@posttrain/core'
import type { CallOptions } from '@posttrain/core'
import { inLanes } from '@posttrain/sampling'
import { requireGate, type GateOptions } from './gate-options.js'
import type { GateReport } from './gate-report.js'
import { gateRuns } from './gate-runs.js'
import { runBody, type Body, type RunVerdict } from './run-body.js'

/** How often a body runs, and what its runs must show. */
export interface RepeatOptions extends GateOptions, CallOptions {
  /** Independent runs, at least as many as k. */
  readonly n: number
  /** Runs at the same time, at least 1 (default 1). */
  readonly concurrency?: number | undefined
  /** Milliseconds that one run may take (default 60 000); one that takes longer is unscored. */
  readonly timeout?: number | undefined
}

/**
 * Runs the body of a test n times, and says whether pass@k or pass^k is shown to be high enough: whether the lower
 * bound of its interval reaches `atLeast`. For any test tool: `assert(report.passed, report.text)`.
 *
 * With an unknown rate p at which single runs pass, pass@k = 1 − (1 − p)ᵏ and pass^k = pᵏ rise with p, so that the
 * exact interval of p (Clopper & Pearson 1934) carries over. The estimate is the unbiased one. Each metric has an
 * interval of its own at `level`.
 *
 * @throws PosttrainError `invalid-argument` for a gate that n runs could not pass, before any run; `unscored` under the
 *   policy `throw`, or if too few scored runs are left; `invalid-data` for a body that returns a boolean; `aborted`
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 *
 * const report = await repeat(({ index }) => assert.ok(index % 4 > 0), { n: 20, atLeast: { 'pass@4': 0.9 } })
 * report.passed // => true
 * report.checks[0]?.interval.lower // => 0.9419
 * ```
 */
export async function repeat(body: Body, options: RepeatOptions): Promise<GateReport> {
  const { n, concurrency = 1, timeout = 60_000, signal } = options
  const gate = requireGate(options, n)
  requireInteger('concurrency', concurrency, { min: 1 })
  requireFinite('timeout', timeout, { above: 0, max: LONGEST })
  const runs = new Array<RunVerdict>(n)
  const ended = inLanes<number, { index: number; result: RunVerdict }>(
    runs.keys(),
    concurrency,
    async (index, { emit, over }) => emit({ index, result: await runBody(body, index, { timeout, signal: over }) }),
    signal,
  )
  for await (const { index, result } of ended) runs[index] = result
  return gateRuns([{ id: 'the body', runs }], gate)
}

/** Timers of JavaScript count milliseconds in 31 bits. */
const LONGEST = 2 ** 31 - 1
