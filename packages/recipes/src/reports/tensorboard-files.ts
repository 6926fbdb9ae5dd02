import { tensorBoardEvents, type TensorBoardStep } from '@posttrain/report'
import { safe } from '../run/folder-layout.js'
import type { TrainingRecord } from '../run/records.js'
import type { RunSession } from '../run/sessions.js'
import { summariseRun, type VariantSummary } from '../run/summary.js'
import { readFinishedRun } from './read-finished-run.js'

/**
 * A finished run as TensorBoard event files, one for each variant: what training went through under `train/`, and at
 * its end under `held-out/` what was measured, with the bounds of its interval. Every event has the time at which the
 * run ended, or 0 where nobody knows it: the step tells them apart.
 *
 * @param path folder of the run
 * @returns files by their path, `mean/events.out.tfevents.1767323045.posttrain` for instance
 * @throws PosttrainError `invalid-data` for what is no run, not finished, or damaged
 */
export function tensorBoardFiles(path: string): ReadonlyMap<string, Uint8Array> {
  const { experiment, measured, training, sessions } = readFinishedRun(path)
  const time = endOf(sessions)
  const { variants } = summariseRun(experiment, measured)
  return new Map(
    variants.map((summary) => {
      const own = training.filter(({ variant }) => variant === summary.variant)
      const end = { step: own.length, scalars: measurementsOf(summary) }
      const name = `events.out.tfevents.${String(Math.floor(time)).padStart(10, '0')}.posttrain`
      return [`${safe(summary.variant)}/${name}`, tensorBoardEvents([...own.map(stepOf), end], time)]
    }),
  )
}

/** Seconds since 1970. */
const endOf = (sessions: readonly RunSession[]): number =>
  Math.max(0, ...sessions.map(({ started, seconds }) => Date.parse(started) / 1000 + seconds))

function stepOf(record: TrainingRecord): TensorBoardStep {
  const { kind: _kind, variant: _variant, step, gradientNorm, ...others } = record
  const scalars = { ...others, gradient_norm: gradientNorm }
  return { step, scalars: prefixed('train', scalars) }
}

const measurementsOf = ({ estimates }: VariantSummary): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(estimates).flatMap(([metric, { value, interval }]) => {
      const bounds = { [`${metric} lower`]: interval.lower, [`${metric} upper`]: interval.upper }
      const known = Number.isNaN(interval.lower) ? {} : bounds
      return Object.entries(prefixed('held-out', { [metric]: value, ...known }))
    }),
  )

const prefixed = (group: string, scalars: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(scalars).map(([name, value]) => [`${group}/${name}`, value]))
