import type { Device } from '@posttrain/compute'
import { decodeSafetensors, type TransformerPolicy } from '@posttrain/models'
import { gatherTensors } from '../../src/parameter-layout.js'
import { allocateActivations } from '../../src/transformer/activations.js'
import { architectureOf } from '../../src/transformer/architecture.js'
import { batchOf } from '../../src/transformer/batch.js'
import { forward } from '../../src/transformer/forward.js'
import { tokenHead } from '../../src/transformer/heads.js'
import { allocateAngles } from '../../src/transformer/model.js'
import { parameterLayout, viewParameters } from '../../src/transformer/parameters.js'
import { Workspace } from '../../src/workspace.js'

/** The logits after the last token of each sequence, one array per sequence: what no policy shows. */
export async function lastLogits(
  device: Device,
  policy: TransformerPolicy,
  sequences: readonly (readonly number[])[],
): Promise<Float64Array[]> {
  const architecture = architectureOf(policy.config)
  const layout = parameterLayout(architecture)
  const weights = device.allocate(layout.length)
  device.write(weights, gatherTensors(layout, decodeSafetensors(await policy.saveMerged()).tensors))
  const parameters = viewParameters(weights, layout, architecture)
  const model = { device, architecture, parameters, angles: allocateAngles(device, architecture) }
  const inputs = sequences.map(([first, ...rest]) => ({
    prompt: [first!],
    completion: rest,
    chosen: [rest.length - 1],
  }))
  const batch = batchOf(inputs, policy.config, 'token')
  const { activations, logits } = new Workspace(device).allocate((allocator) => ({
    activations: allocateActivations(allocator, architecture, batch),
    logits: allocator.floats(sequences.length * architecture.vocabulary),
  }))
  forward(model, batch, activations)
  tokenHead(model, sequences.length, activations.normalised, logits)
  const all = await device.read(logits)
  return sequences.map((_, i) => all.slice(i * architecture.vocabulary, (i + 1) * architecture.vocabulary))
}
