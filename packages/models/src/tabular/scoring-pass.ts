import type { DeviceBuffer } from '@posttrain/compute'
import {
  requireLength,
  unsupported,
  type ForwardPass,
  type ScoreName,
  type ScoreRequest,
  type TokenSequence,
} from '@posttrain/core'
import { joinCotangents, splitBySequence } from '../per-sequence.js'
import { Workspace } from '../workspace.js'
import { gatherTableRows, type LogitTable } from './logit-table.js'
import { frozenLogits } from './tabular-snapshot.js'

/** Where the backward pass of a table accumulates, laid out as the table. */
export interface TabularGradients {
  readonly logits: DeviceBuffer
  readonly values?: DeviceBuffer
}

/**
 * Scores sequences of the table.
 *
 * @param gradients absent: of a frozen table, whose pass has no backward
 */
export async function scoreTabular(
  table: LogitTable,
  gradients: TabularGradients | undefined,
  sequences: readonly TokenSequence[],
  { entropy: wantsEntropy = false, value: wantsValue = false, reference }: ScoreRequest,
): Promise<ForwardPass> {
  if (wantsValue && !table.values) throw unsupported('this softmax table has no values', 'make it with values: true')
  const referenceTable = reference && frozenLogits(reference)
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
    value: carver.floats(rows),
  }))
  const { indices, logits, targets, referenceLogits } = buffers
  const tableRows = sequences.flatMap(({ prompt, tokens }) =>
    tokens.map((_, t) => table.rows.rowOf(prompt, tokens.slice(0, t))),
  )
  gatherTableRows(device, table.logits, vocabulary, tableRows, indices, logits)
  if (referenceTable) gatherTableRows(device, referenceTable, vocabulary, tableRows, indices, referenceLogits)
  if (wantsValue) gatherTableRows(device, table.values!, 1, tableRows, indices, buffers.value)
  device.write(
    targets,
    sequences.flatMap(({ tokens }) => tokens),
  )
  const shape = { rows, vocabulary, logits, targets }
  device.tokenScores({
    ...shape,
    logprob: buffers.logprob,
    ...(wantsEntropy ? { entropy: buffers.entropy } : {}),
    ...(reference ? { referenceLogits, referenceKl: buffers.referenceKl } : {}),
  })

  const wanted: readonly ScoreName[] = [
    'logprob',
    ...(wantsEntropy ? (['entropy'] as const) : []),
    ...(reference ? (['referenceKl'] as const) : []),
    ...(wantsValue ? (['value'] as const) : []),
  ]
  const columns = await Promise.all(
    wanted.map(async (name) => [name, splitBySequence(await device.read(buffers[name]), lengths)] as const),
  )
  const scores = sequences.map((_, i) => ({
    logprob: columns[0]![1][i]!,
    ...Object.fromEntries(columns.map(([name, perSequence]) => [name, perSequence[i]!])),
  }))
  let spent = false
  const dispose = (): void => {
    if (!spent) workspace.dispose()
    spent = true
  }
  return {
    scores,
    backward: async (cotangents) => {
      if (spent || !gradients) throw unsupported('this forward pass has been used or disposed', 'call forward again')
      requireLength('cotangents', cotangents, sequences.length)
      for (const name of ['logprob', 'entropy', 'referenceKl', 'value'] as const) {
        device.write(buffers[name], joinCotangents(cotangents, name, lengths))
      }
      device.tokenScoresBackward({
        ...shape,
        gradLogprob: buffers.logprob,
        ...(wantsEntropy ? { gradEntropy: buffers.entropy } : {}),
        ...(reference ? { referenceLogits, gradReferenceKl: buffers.referenceKl } : {}),
        gradLogits: logits,
      })
      device.scatterAddRows({ rows, columns: vocabulary, source: logits, indices, out: gradients.logits })
      if (wantsValue) {
        device.scatterAddRows({ rows, columns: 1, source: buffers.value, indices, out: gradients.values! })
      }
      dispose()
    },
    dispose,
  }
}
