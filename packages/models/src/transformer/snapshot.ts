import type { DeviceBuffer } from '@posttrain/compute'
import type {
  CallOptions,
  LogprobProvenance,
  PolicySnapshot,
  Sample,
  SampleRequest,
  ScoreRequest,
  TokenScores,
  TokenSequence,
} from '@posttrain/core'
import type { TransformerRunner } from './runner.js'

/** Frozen weights of a transformer, on its device, run by the policy that they were taken of. */
export class TransformerSnapshot implements PolicySnapshot {
  constructor(
    readonly provenance: LogprobProvenance,
    readonly parameters: DeviceBuffer,
    private readonly runner: TransformerRunner,
  ) {}

  get version(): string {
    return this.provenance.weights
  }

  sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    return this.runner.sample(this.parameters, this.provenance, requests, options)
  }

  score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options: CallOptions = {},
  ): Promise<readonly TokenScores[]> {
    return this.runner.score(this.parameters, sequences, request, options)
  }

  dispose(): void {
    this.parameters.dispose()
  }
}
