import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, type Sampler } from '@posttrain/core'
import { Option, type Command } from 'commander'

/** Where samples come from. */
export interface SamplerOptions {
  /** A server, or else `model` is a folder. */
  readonly endpoint?: string | undefined
  readonly model?: string | undefined
  readonly device: DeviceChoice
}

/** A sampler that was chosen on the command line. */
export interface ChosenSampler {
  readonly sampler: Sampler
  /** What its samples depend on beside the request, for the key of a store. */
  readonly identity: string
}

/** Adds the options that say where samples come from. */
export const withSampler = (command: Command): Command =>
  command
    .option('--model <folder>', 'a folder as the Hugging Face Hub has them, run on this machine')
    .addOption(new Option('--device <name>', 'where such a model is run').choices(deviceChoices).default('auto'))

/**
 * The sampler that options say.
 *
 * @throws PosttrainError `invalid-argument` where they say none; otherwise as `openModelFolder`
 */
export async function chosenSampler({ model, device }: SamplerOptions): Promise<ChosenSampler> {
  if (model === undefined) {
    throw invalidArgument('nothing says where samples come from', 'give --model FOLDER')
  }
  const { openModelFolder } = await import('./model-folder.js')
  const policy = await openModelFolder(model, device)
  const { engine, weights } = policy.provenance
  return { sampler: policy, identity: `${engine} ${weights}` }
}
