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
import { encodeAll } from '../encode-all.js'
import { planTransformer } from './plan-transformer.js'
import type { TransformerRunner } from './runner.js'
import { samplingJobs } from './sampling.js'

/** Frozen weights of a transformer, on its device, run by the policy that they were taken of. */
export class TransformerSnapshot implements PolicySnapshot {
  constructor(
    readonly provenance: LogprobProvenance,
    readonly parameters: DeviceBuffer,
    private readonly runner: TransformerRunner,
  ) {}

  async *sample(requests: readonly SampleRequest[], options: CallOptions = {}): AsyncIterable<Sample> {
    const { codec, architecture } = this.runner
    const jobs = samplingJobs(codec, architecture, requests)
    yield* this.runner.sample(this.parameters, this.provenance, jobs, options, () => undefined)
  }

  encode(completions: readonly PiecedCompletion[], options?: CallOptions): Promise<EncodedCompletion[]> {
    return encodeAll(this.runner.codec, completions, options)
  }

  async score(
    sequences: readonly TokenSequence[],
    request: ScoreRequest = {},
    options?: CallOptions,
  ): Promise<readonly TokenScores[]> {
    const plan = planTransformer(request, this.runner.architecture.valueHead)
    const reference = frozenParameters(request.reference, this.runner)
    return this.runner.score({ weights: this.parameters, reference, sequences, plan }, options)
  }

  async dispose(): Promise<void> {
    this.parameters.dispose()
  }
}

/**
 * The frozen weights of a reference.
 *
 * @throws PosttrainError `invalid-argument` for a snapshot of something else or of a model of another size
 */
export function frozenParameters(
  reference: PolicySnapshot | undefined,
  { layout }: TransformerRunner,
): DeviceBuffer | undefined {
  if (!reference) return undefined
  if (reference instanceof TransformerSnapshot && reference.parameters.length === layout.length) {
    return reference.parameters
  }
  throw invalidArgument('reference is not a snapshot of this transformer', 'make it with snapshot() of this policy')
}
