import { createDevice } from '@posttrain/compute'
import { invalidData, PosttrainError } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import type { Experiment } from './experiment.js'

/**
 * Makes sure that a run can begin: its device is there, and the checkpoint is one of the recipe.
 *
 * @param name what to call the checkpoint
 * @returns the name of the device
 * @throws PosttrainError `invalid-data` for a checkpoint that cannot be read or has another vocabulary
 */
export async function requireFittingCheckpoint(
  { recipe, config }: Experiment,
  file: Uint8Array,
  name: string,
): Promise<string> {
  const { device } = await createDevice(config.device)
  try {
    const policy = await TransformerPolicy.fromCheckpoint(device, file)
    if (JSON.stringify(policy.tokenizer.toJSON()) !== JSON.stringify(recipe.tokenizer.toJSON())) {
      throw invalidData(`its vocabulary is not that of ${recipe.name}`)
    }
    return device.name
  } catch (error) {
    if (!(error instanceof PosttrainError)) throw error
    const hint = `make one with: posttrain pretrain ${recipe.name}`
    throw invalidData(`${name} cannot be used: ${error.message}`, hint, error)
  } finally {
    device.dispose()
  }
}
