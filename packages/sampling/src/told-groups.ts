import { shown, type CallOptions, type Group } from '@posttrain/core'
import { tell } from './internal/tell.js'
import type { Remembered } from './remembered.js'

/** A group on its way to the consumer; one of an earlier run is no news. */
export interface Finished<G extends Group = Group> {
  readonly group: G
  readonly isNew: boolean
}

/** The groups of a stream, after `onGroup` was told of those that are new. */
export async function* toldGroups<G extends Group>(
  stream: AsyncIterable<Finished<G>>,
  { onGroup, signal }: Pick<Remembered, 'onGroup'> & CallOptions,
): AsyncGenerator<G> {
  for await (const { group, isNew } of stream) {
    const { task, samples, outcomes } = group
    if (onGroup && isNew) {
      await tell('onGroup', `on task ${shown(task.id)}`, () => onGroup({ task, samples, outcomes }), { signal })
    }
    yield group
  }
}
