import type { DeviceBuffer } from '@posttrain/compute'
import type { ScoreRequest, TokenCotangents, TokenScores, TokenSequence } from '@posttrain/core'
import { chosenPositions } from '../chosen-positions.js'
import { requireCotangents } from '../per-sequence.js'
import { allocateScoreBuffers, readScores, writeCotangents } from '../score-buffers.js'
import { planScores } from '../score-plan.js'
import { Workspace } from '../workspace.js'
import { gatherTableRows, tabularScores, type LogitTable } from './logit-table.js'
import { requireTextPrompt } from './require-text-prompt.js'

/** Where the backward pass of a table accumulates, in the layout of the table. */
export interface TabularGradients {
  readonly logits: DeviceBuffer
  readonly values?: DeviceBuffer | undefined
}

/** Scores of sequences, and their reverse. */
export interface TabularPass {
  readonly scores: readonly TokenScores[]
  /** Accumulates gradients from ∂loss/∂score. */
  backward(cotangents: readonly TokenCotangents[], gradients: TabularGradients): void
  dispose(): void
}

/** Why a table has no values. */
const NO_VALUES = ['this softmax table has no values', 'make it with values: true'] as const

/**
 * Scores sequences of the table.
 *
 * @param reference logits of the frozen table that the request refers to
 */
export async function scoreTabular(
  table: LogitTable,
  reference: DeviceBuffer | undefined,
  sequences: readonly TokenSequence[],
  request: ScoreRequest,
): Promise<TabularPass> {
  const plan = planScores(request, tabularScores(table.values !== undefined), NO_VALUES)
  const { device } = table
  const { vocabulary } = table.rows
  const chosen = sequences.map((sequence, i) => chosenPositions(`sequences[${i}]`, sequence))
  const lengths = chosen.map((positions) => positions.length)
  const tableRows = sequences.flatMap(({ prompt, tokens }, i) =>
    chosen[i]!.map((t) => table.rows.rowOf(requireTextPrompt(prompt), tokens.slice(0, t))),
  )
  const rows = tableRows.length
  const workspace = new Workspace(device)
  const { indices, ...buffers } = workspace.allocate((allocator) => ({
    indices: allocator.integers(rows),
    ...allocateScoreBuffers(allocator, rows, vocabulary, plan),
  }))
  const { logits, referenceLogits, targets, scores } = buffers
  if (plan.readsLogits) gatherTableRows(device, table.logits, vocabulary, tableRows, indices, logits)
  if (plan.readsReference) gatherTableRows(device, reference!, vocabulary, tableRows, indices, referenceLogits)
  const readsValue = plan.names.includes('value')
  if (readsValue) gatherTableRows(device, table.values!, 1, tableRows, indices, scores.value)
  device.write(
    targets,
    sequences.flatMap(({ tokens }, i) => chosen[i]!.map((t) => tokens[t]!)),
  )
  return {
    scores: await readScores(device, plan, buffers, lengths),
    backward: (cotangents, gradients) => {
      requireCotangents(cotangents, plan.names, lengths)
      writeCotangents(device, plan, buffers, lengths, cotangents)
      if (plan.readsLogits) {
        device.scatterAddRows({ rows, columns: vocabulary, source: logits, indices, out: gradients.logits })
      }
      if (readsValue) {
        device.scatterAddRows({ rows, columns: 1, source: scores.value, indices, out: gradients.values! })
      }
    },
    dispose: () => workspace.dispose(),
  }
}
