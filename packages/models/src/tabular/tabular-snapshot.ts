import type { DeviceBuffer } from '@posttrain/compute'
import {
  invalidArgument,
  type CallOptions,
  type LogprobProvenance,
  type PolicySnapshot,
  type Sample,
  type SampleRequest,
  type ScoreRequest,
  type TokenScores,
  type TokenSequence,
} from '@posttrain/core'
import type { Tokenizer } from '../tokenizer.js'
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

  get version(): string {
    return this.provenance.weights
  }

  sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    return drawTabularSamples(this.table, this.tokenizer, this.provenance, requests, options)
  }

  async score(sequences: readonly TokenSequence[], request: ScoreRequest = {}): Promise<readonly TokenScores[]> {
    const pass = await scoreTabular(this.table, undefined, sequences, request)
    pass.dispose()
    return pass.scores
  }

  dispose(): void {
    this.memory.dispose()
  }
}

/** The frozen logits of a reference. @throws PosttrainError `invalid-argument` for a snapshot of something else */
export function frozenLogits(reference: PolicySnapshot): DeviceBuffer {
  if (reference instanceof TabularSnapshot) return reference.table.logits
  throw invalidArgument('reference is not a snapshot of a softmax table', 'make it with snapshot() of this policy')
}
