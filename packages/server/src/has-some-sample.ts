import type { Decision } from '@posttrain/core'

/** Whether at least one completion was had, or none was asked for. */
export const hasSomeSample = ({ samples }: Pick<Decision, 'samples'>): boolean =>
  samples.length === 0 || samples.some(({ finish }) => finish !== 'failed')
