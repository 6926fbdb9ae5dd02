import type { DeviceBuffer } from '@posttrain/compute'
import { described, invalidArgument, letEventsRun, requireInteger, throwIfAborted } from '@posttrain/core'
import type { CallOptions, ScoreRequest, TokenCotangents, TokenScores, TokenSequence } from '@posttrain/core'
import { chosenPositions } from '../chosen-positions.js'
import { requireCotangents } from '../per-sequence.js'
import { allocateScoreBuffers, readScores, writeCotangents } from '../score-buffers.js'
import { planScores, type ScorePlan } from '../score-plan.js'
import { Workspace } from '../workspace.js'
import { gatherTableRows, tabularScores, type LogitTable } from './logit-table.js'
import type { PrefixTable } from './prefix-table.js'
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

/** Sequences that are scored side by side; between two parts, timers, input and signals have their turn. */
const SEQUENCES_PER_PART = 1024

/**
 * Scores sequences of the table, a part of them at a time.
 *
 * @param reference logits of the frozen table that the request refers to
 * @throws PosttrainError `invalid-argument` for a token that is no word, or more of them than a completion has;
 *   `invalid-data` for a prompt that the table does not have; `aborted` at the signal
 */
export async function scoreTabular(
  table: LogitTable,
  reference: DeviceBuffer | undefined,
  sequences: readonly TokenSequence[],
  request: ScoreRequest,
  { signal }: CallOptions = {},
): Promise<TabularPass> {
  const plan = planScores(request, tabularScores(table.values !== undefined), NO_VALUES)
  sequences.forEach((sequence, i) => requireWords(`sequences[${i}]`, sequence, table.rows))
  const parts: TabularPass[] = []
  const dispose = (): void => parts.forEach((part) => part.dispose())
  try {
    for (let start = 0; start < sequences.length; start += SEQUENCES_PER_PART) {
      if (start > 0) await letEventsRun()
      throwIfAborted(signal)
      parts.push(await scorePart(table, reference, sequences.slice(start, start + SEQUENCES_PER_PART), start, plan))
    }
  } catch (error) {
    dispose()
    throw error
  }
  const lengths = sequences.map((sequence, i) => chosenPositions(`sequences[${i}]`, sequence).length)
  return {
    scores: parts.flatMap((part) => part.scores),
    backward: (cotangents, gradients) => {
      requireCotangents(cotangents, plan.names, lengths)
      let start = 0
      for (const part of parts) part.backward(cotangents.slice(start, (start += part.scores.length)), gradients)
    },
    dispose,
  }
}

/** Tokens must be words of the table, and not more than a completion has. */
function requireWords(name: string, { tokens }: TokenSequence, { vocabulary, length }: PrefixTable): void {
  const given: unknown = tokens
  if (!Array.isArray(given)) throw invalidArgument(`${name}.tokens must be a list, but is ${described(given)}`)
  if (tokens.length > length) {
    throw invalidArgument(`${name} has ${tokens.length} tokens, but a completion has at most ${length}`)
  }
  Array.from(tokens).forEach((token, t) =>
    requireInteger(`${name}.tokens[${t}]`, token, { min: 0, max: vocabulary - 1 }),
  )
}

async function scorePart(
  table: LogitTable,
  reference: DeviceBuffer | undefined,
  sequences: readonly TokenSequence[],
  start: number,
  plan: ScorePlan,
): Promise<TabularPass> {
  const { device } = table
  const { vocabulary } = table.rows
  const chosen = sequences.map((sequence, i) => chosenPositions(`sequences[${start + i}]`, sequence))
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
