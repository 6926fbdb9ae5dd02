import type { DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  type CallOptions,
  type EncodedCompletion,
  type LogprobProvenance,
  type PiecedCompletion,
  type PolicySnapshot,
  type Sample,
  type SampleRequest,
  type ScoreRequest,
  type TokenScores,
  type TokenSequence,
} from '@posttrain/core'
import type { Tokenizer } from '@posttrain/text'
import { encodeAll } from '../encode-all.js'
import { beginTabular } from './begin-tabular.js'
import { drawTabularSamples } from './draw-samples.js'
import type { LogitTable } from './logit-table.js'
import { scoreTabular } from './scoring-pass.js'

/** Frozen table of a TabularPolicy. */
export class TabularSnapshot implements PolicySnapshot {
  constructor(
    readonly provenance: LogprobProvenance,
    readonly table: LogitTable,
    private readonly tokenizer: Tokenizer,
    private readonly memory: DeviceBuffer,
  ) {}

  async *sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    const begun = beginTabular(this.table.rows, this.tokenizer, requests)
    yield* drawTabularSamples(this.table, this.provenance, begun, options, () => undefined)
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return encodeAll({ tokenizer: this.tokenizer }, completions, options)
  }

  async score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    { signal }: CallOptions = {},
  ): Promise<readonly TokenScores[]> {
    const pass = await scoreTabular(this.table, frozenLogits(request.reference), sequences, request, { signal })
    pass.dispose()
    return pass.scores
  }

  async dispose(): Promise<void> {
    this.memory.dispose()
  }
}

/** The frozen logits of a reference. @throws PosttrainError `invalid-argument` for a snapshot of something else */
export function frozenLogits(reference: PolicySnapshot | undefined): DeviceBuffer | undefined {
  if (!reference || reference instanceof TabularSnapshot) return reference?.table.logits
  throw invalidArgument('reference is not a snapshot of a softmax table', 'make it with snapshot() of this policy')
}
