import type { DeviceBuffer } from '@posttrain/compute'
import { requireLength, unsupported, type ForwardPass, type TokenSequence } from '@posttrain/core'
import { joinCotangents, splitBySequence } from '../per-sequence.js'
import { Workspace } from '../workspace.js'
import { gatherLogits, type LogitTable } from './logit-table.js'

/**
 * Scores sequences of the table.
 *
 * @param gradients where `backward` accumulates, laid out as the logits
 * @param reference frozen logits to measure KL against
 */
export async function scoreTabular(
  table: LogitTable,
  gradients: DeviceBuffer,
  sequences: readonly TokenSequence[],
  wantsEntropy: boolean,
  reference: DeviceBuffer | undefined,
): Promise<ForwardPass> {
  const { device } = table
  const { vocabulary } = table.rows
  const lengths = sequences.map(({ tokens }) => tokens.length)
  const rows = lengths.reduce((sum, length) => sum + length, 0)
  const workspace = new Workspace(device)
  const buffers = workspace.carve((carver) => ({
    indices: carver.integers(rows),
    logits: carver.floats(rows * vocabulary),
    logprob: carver.floats(rows),
    targets: carver.integers(rows),
    entropy: carver.floats(rows),
    referenceKl: carver.floats(rows),
    referenceLogits: carver.floats(rows * vocabulary),
  }))
  const { indices, logits, logprob, targets, entropy, referenceKl, referenceLogits } = buffers
  const tableRows = sequences.flatMap(({ prompt, tokens }) =>
    tokens.map((_, t) => table.rows.rowOf(prompt, tokens.slice(0, t))),
  )
  gatherLogits(table, table.logits, tableRows, indices, logits)
  if (reference) gatherLogits(table, reference, tableRows, indices, referenceLogits)
  device.write(
    targets,
    sequences.flatMap(({ tokens }) => tokens),
  )
  const against = reference ? { referenceLogits, referenceKl } : {}
  const shape = { rows, vocabulary, logits, targets }
  device.tokenScores({ ...shape, logprob, ...(wantsEntropy ? { entropy } : {}), ...against })

  const read = async (buffer: DeviceBuffer): Promise<Float64Array[]> =>
    splitBySequence(await device.read(buffer), lengths)
  const logprobs = await read(logprob)
  const entropies = wantsEntropy ? await read(entropy) : undefined
  const kls = reference ? await read(referenceKl) : undefined
  let spent = false
  const dispose = (): void => {
    if (!spent) workspace.dispose()
    spent = true
  }
  return {
    scores: logprobs.map((values, i) => ({
      logprob: values,
      ...(entropies ? { entropy: entropies[i]! } : {}),
      ...(kls ? { referenceKl: kls[i]! } : {}),
    })),
    backward: async (cotangents) => {
      if (spent) throw unsupported('this forward pass has been used or disposed', 'call forward again')
      requireLength('cotangents', cotangents, sequences.length)
      device.write(logprob, joinCotangents(cotangents, 'logprob', lengths))
      device.write(entropy, joinCotangents(cotangents, 'entropy', lengths))
      device.write(referenceKl, joinCotangents(cotangents, 'referenceKl', lengths))
      device.tokenScoresBackward({
        ...shape,
        gradLogprob: logprob,
        ...(wantsEntropy ? { gradEntropy: entropy } : {}),
        ...(reference ? { referenceLogits, gradReferenceKl: referenceKl } : {}),
        gradLogits: logits,
      })
      const scatter = { rows, columns: vocabulary, source: logits, indices, out: gradients }
      device.scatterAddRows(scatter)
      dispose()
    },
    dispose,
  }
}
