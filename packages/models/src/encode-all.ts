import { throwIfAborted, type CallOptions, type EncodedCompletion, type PiecedCompletion } from '@posttrain/core'
import { encodeCompletion, type TextCodec } from '@posttrain/text'

/** Completions as tokens, in order: `Scorer.encode` of every model here. */
export async function encodeAll(
  codec: TextCodec,
  completions: readonly PiecedCompletion[],
  { signal }: CallOptions = {},
): Promise<EncodedCompletion[]> {
  return completions.map((completion) => {
    throwIfAborted(signal)
    return encodeCompletion(codec, completion)
  })
}
