import { shapingDifferences, type Logprobs, type Shaping } from '@posttrain/core'

/**
 * What cut or heated a draw otherwise than the distribution that is trained, as people read it; nothing where it is not
 * known. A ratio of log-probs is that of another draw then, whatever the log-probs are of.
 */
export function drawDifferences(
  { drawn, provenance }: Pick<Logprobs, 'drawn' | 'provenance'>,
  trained: Shaping | undefined,
): readonly string[] {
  const draw = drawn ?? provenance.shaping
  return draw === undefined ? [] : shapingDifferences(draw, trained)
}
