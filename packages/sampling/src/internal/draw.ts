import { requireInteger, type RunOptions, type Sample, type Sampler, type Task } from '@posttrain/core'
import { collect } from '../collect.js'

/** The samples of one run of a procedure: the ones that an evaluation draws first. */
export async function draw(
  sampler: Sampler,
  task: Task,
  { count, firstIndex = 0 }: { readonly count: number; readonly firstIndex?: number | undefined },
  { seed = 0, id, sampling, signal }: RunOptions,
): Promise<readonly Sample[]> {
  requireInteger('seed', seed)
  const [samples] = await collect(sampler, [{ ...sampling, task, count, firstIndex, seed, id }], { signal })
  return samples!
}
