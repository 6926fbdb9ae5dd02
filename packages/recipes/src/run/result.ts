import type { Experiment, Variant } from './experiment.js'
import { groupsOfRecords } from './measured-groups.js'
import { readSampleRecords, writeRecords, type SampleRecord } from './records.js'
import { renderRunReport } from './report.js'
import { checkpointOf, RESULTS } from './folder-layout.js'
import type { RunFolder } from './run-folder.js'
import { summariseRun, type MeasuredVariants, type RunSummary } from './summary.js'

/** What a run ends with: its summary and its files by name. */
export interface RunOutcome {
  readonly summary: RunSummary
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Puts together what the variants of a run left. @throws PosttrainError `invalid-data` for a file that is damaged */
export async function resultOf(experiment: Experiment, folder: RunFolder): Promise<RunOutcome> {
  const variants = experiment.variants.map((variant) => {
    const work = folder.workOf(variant.name)
    return { variant, records: work.states[0]?.records ?? [], ...work.readMeasured()! }
  })
  const training = variants.flatMap(({ records }) => records)
  const samples = concat(variants.map((variant) => variant.samples))
  const measured = measuredOf(experiment, samples)
  const summary = summariseRun(experiment, measured)
  const checkpoints = variants.map(
    ({ variant, checkpoint }) => [checkpointOf(variant.name), checkpoint ?? folder.readBase()] as const,
  )
  const files = new Map([
    ...checkpoints,
    [RESULTS.samples, samples],
    [RESULTS.metrics, encode(writeRecords([...training, ...measurementRecords(summary)]))],
    [RESULTS.report, encode(await renderRunReport({ experiment, summary, training, measured }))],
  ])
  return { summary, files }
}

/** The summary of a finished run. @param files by name */
export const summaryOf = (experiment: Experiment, files: ReadonlyMap<string, Uint8Array>): RunSummary =>
  summariseRun(experiment, measuredOf(experiment, files.get(RESULTS.samples)!))

/** The groups of all variants, from the samples of a result. @throws PosttrainError `invalid-data` naming the line */
export function measuredOf({ recipe, variants }: Experiment, samples: Uint8Array): MeasuredVariants {
  const records = readSampleRecords(new TextDecoder().decode(samples), RESULTS.samples)
  const own = (variant: Variant): SampleRecord[] => records.filter(({ system }) => system === variant.name)
  return new Map(variants.map((variant) => [variant.name, groupsOfRecords(recipe.tasks.heldOut, own(variant))]))
}

/** The measured numbers as lines of `metrics.jsonl`, each with its n, interval and what became of unscored samples. */
function measurementRecords({ variants, comparisons }: RunSummary): object[] {
  return [
    ...variants.flatMap(({ variant, estimates }) =>
      Object.values(estimates).map((estimate) => ({ kind: 'measurement', variant, ...estimate })),
    ),
    ...comparisons.map((comparison) => ({ kind: 'comparison', ...comparison })),
  ]
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
