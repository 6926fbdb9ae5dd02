import { missingOf, type Group, type SampleRequest } from '@posttrain/core'
import { requireFitting } from './remembered.js'
import { requireGroup } from './require-group.js'

/**
 * Looks up groups of an earlier run by the request that they were drawn for.
 *
 * @throws PosttrainError as `requireGroup`; when looking up, `invalid-argument` for one of another seed or prompt
 */
export function knownGroupsOf(groups: readonly Group[] = []): (request: SampleRequest) => Group | undefined {
  groups.forEach(requireGroup)
  const whole = groups.filter((group) => missingOf(group).failed === 0)
  const byId = new Map(whole.flatMap((group) => (group.samples[0] ? [[group.samples[0].id, group] as const] : [])))
  return (request) => {
    const { task, id = task.id, count, firstIndex = 0 } = request
    const group = byId.get(id)
    if (!group || group.samples.length !== count) return undefined
    if (!group.samples.every((sample, i) => sample.id === id && sample.index === firstIndex + i)) return undefined
    for (const sample of group.samples) requireFitting(sample, request)
    return group
  }
}
