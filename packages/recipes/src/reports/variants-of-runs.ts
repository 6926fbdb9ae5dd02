import type { RunConfig } from '../run/config.js'
import { BASELINE, type Variant } from '../run/experiment.js'
import type { ReadRun } from './read-finished-run.js'

/** A variant in one of the runs. */
export interface VariantOfRun {
  readonly run: ReadRun
  readonly variant: Variant
}

/** Runs in which a variant differs by its seed alone. */
export interface SeedsOfVariant {
  /** What all of them were set to, of what matters for this variant. */
  readonly settings: Readonly<Partial<RunConfig>>
  /** One for each seed, in ascending order. */
  readonly members: readonly VariantOfRun[]
  /** Others of the same settings and seed: each should be the same again. */
  readonly repeated: readonly VariantOfRun[]
}

/** What a variant depends on: the others of its run are not among it. */
function settingsOf({ run: { config }, variant }: VariantOfRun): Partial<RunConfig> {
  const { steps, promptsPerStep, samplesPerPrompt, learningRate, device, samplesPerTask, checkpoint } = config
  const measured = { device, samplesPerTask, checkpoint }
  return variant.name === BASELINE ? measured : { steps, promptsPerStep, samplesPerPrompt, learningRate, ...measured }
}

/** The variants of runs, those together that differ in their seed alone; untrained ones first. */
export function variantsOfRuns(runs: readonly ReadRun[]): readonly SeedsOfVariant[] {
  const all = runs.flatMap((run) => run.experiment.variants.map((variant) => ({ run, variant })))
  const together = new Map<string, { settings: Partial<RunConfig>; of: Map<number, VariantOfRun[]> }>()
  for (const one of all) {
    const settings = settingsOf(one)
    const key = JSON.stringify([one.variant.name, settings])
    const entry = together.get(key) ?? { settings, of: new Map<number, VariantOfRun[]>() }
    together.set(key, entry)
    const { seed } = one.run.config
    entry.of.set(seed, [...(entry.of.get(seed) ?? []), one])
  }
  const found = [...together.values()].map(({ settings, of }): SeedsOfVariant => {
    const bySeed = [...of].sort(([a], [b]) => a - b).map(([, same]) => same)
    return { settings, members: bySeed.map(([first]) => first!), repeated: bySeed.flatMap(([, ...rest]) => rest) }
  })
  const isTrained = ({ members }: SeedsOfVariant): number => Number(members[0]!.variant.training !== undefined)
  return found.sort((a, b) => isTrained(a) - isTrained(b))
}
