import type { Group, Sample } from '@posttrain/core'
import type { Remembered } from '@posttrain/sampling'

/** What was drawn and judged of a step or a round so far: what outlives its failure. */
export class DrawnSoFar {
  readonly samples: Sample[]
  readonly groups: Group[]
  /** What to draw with: it tells this, then whoever is told by the caller. */
  readonly observers: Remembered

  /** @param isFirst true for the step that a resumed run begins with, which is given what is known */
  constructor({ known = [], knownGroups = [], onSample, onGroup }: Remembered, isFirst: boolean) {
    this.samples = isFirst ? [...known] : []
    this.groups = isFirst ? [...knownGroups] : []
    this.observers = {
      known: isFirst ? known : [],
      knownGroups: isFirst ? knownGroups : [],
      onSample: (sample) => {
        this.samples.push(sample)
        return onSample?.(sample)
      },
      onGroup: (group) => {
        this.groups.push(group)
        return onGroup?.(group)
      },
    }
  }
}
