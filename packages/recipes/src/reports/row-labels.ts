import type { RunConfig } from '../run/config.js'
import type { SeedsOfVariant } from './variants-of-runs.js'

/** How settings are called, in words. */
const WORDS: Readonly<Partial<Record<keyof RunConfig, (value: unknown) => string>>> = {
  steps: (value) => `${String(value)} steps`,
  promptsPerStep: (value) => `${String(value)} prompts a step`,
  samplesPerPrompt: (value) => `${String(value)} samples a prompt`,
  learningRate: (value) => `learning rate ${String(value)}`,
  device: (value) => `on ${String(value)}`,
  samplesPerTask: (value) => `measured by ${String(value)} samples a task`,
  checkpoint: (value) => `from checkpoint ${String(value).slice(0, 8)}`,
}

/** A name for each, with the settings in which it differs from others of the same variant. */
export const rowLabels = (all: readonly SeedsOfVariant[]): readonly string[] =>
  all.map(({ settings, members }) => {
    const { name, label } = members[0]!.variant
    const same = all.filter((other) => other.members[0]!.variant.name === name)
    const differing = (Object.keys(settings) as (keyof RunConfig)[]).filter((key) =>
      same.some((other) => other.settings[key] !== settings[key]),
    )
    const words = differing.map((key) => WORDS[key]!(settings[key]))
    return words.length === 0 ? label : `${label}, ${words.join(', ')}`
  })
