import { createStream, shuffled } from '@posttrain/core'

/**
 * A batch in parts of nearly equal size, shuffled unless it is one part. The weights of a part's members are multiplied
 * so that each update is on the scale of the whole batch.
 */
export function minibatchesOf<T extends { readonly constants: { readonly weight: number } }>(
  examples: readonly T[],
  count: number,
  key: readonly [seed: number, step: number, epoch: number],
): readonly (readonly T[])[] {
  if (count === 1) return [examples]
  const [seed, step, epoch] = key
  const order = shuffled(examples, createStream(seed, 'minibatches', step, epoch))
  const parts = Array.from({ length: Math.min(count, order.length) }, (_, part) =>
    order.filter((_, i) => i % count === part),
  )
  return parts.map((part) =>
    part.map((example) => {
      const weight = (example.constants.weight * examples.length) / part.length
      return { ...example, constants: { ...example.constants, weight } }
    }),
  )
}
