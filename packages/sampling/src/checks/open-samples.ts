import { invalidArgument, requireInteger, requireSamplingOptions, requireTask, shown } from '@posttrain/core'
import type { Sample, SampleRequest } from '@posttrain/core'

/** Where a sample belongs: the request's place in the list, and the sample's among those of the request. */
export interface Slot {
  readonly place: number
  readonly position: number
}

/** What has come of one request: a byte for each sample, so that 10⁷ of them can be awaited. */
interface OpenRequest {
  readonly place: number
  readonly firstIndex: number
  readonly has: Uint8Array
  missing: number
}

/** The samples that were asked for and have not come yet. */
export class OpenSamples {
  readonly #byId = new Map<string, OpenRequest[]>()

  /**
   * @throws PosttrainError `invalid-argument` for requests that nobody could serve, and for a sample that is asked for
   *   twice
   */
  constructor(requests: readonly SampleRequest[]) {
    requests.forEach((request, place) => {
      const { task, count, firstIndex = 0, seed } = request
      const { id = requireTask(task).id } = request
      requireInteger('count', count, { min: 0 })
      requireInteger('firstIndex', firstIndex, { min: 0 })
      requireInteger('seed', seed)
      requireSamplingOptions(request)
      if (count === 0) return
      const open = { place, firstIndex, has: new Uint8Array(count), missing: count }
      const ofId = this.#byId.get(id)
      if (ofId) ofId.push(open)
      else this.#byId.set(id, [open])
    })
    for (const [id, ofId] of this.#byId) {
      ofId.sort((a, b) => a.firstIndex - b.firstIndex)
      for (let i = 1; i < ofId.length; i++) if (ofId[i]!.firstIndex < endOf(ofId[i - 1]!)) throw twice(ofId[i]!, id)
    }
  }

  /** Where a sample belongs, which is then no longer awaited; undefined for one that is not. */
  take({ id, index }: Pick<Sample, 'id' | 'index'>): Slot | undefined {
    const open = openAt(this.#byId.get(id) ?? [], index)
    if (!open) return undefined
    const position = index - open.firstIndex
    if (open.has[position] === 1) return undefined
    open.has[position] = 1
    open.missing--
    return { place: open.place, position }
  }

  /** The first request that lacks samples: its place, how many it lacks, and the position of the first of them. */
  lacking(): (Slot & { readonly missing: number }) | undefined {
    let first: OpenRequest | undefined
    for (const ofId of this.#byId.values()) {
      for (const open of ofId) if (open.missing > 0 && open.place < (first?.place ?? Infinity)) first = open
    }
    return first && { place: first.place, position: first.has.indexOf(0), missing: first.missing }
  }
}

/** The request that a sample of this index is of: found by halves, for a store may leave many gaps in one task. */
function openAt(ofId: readonly OpenRequest[], index: number): OpenRequest | undefined {
  let [low, high] = [0, ofId.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (ofId[middle]!.firstIndex <= index) low = middle
    else high = middle - 1
  }
  const open = ofId[low]
  return open && index >= open.firstIndex && index < endOf(open) ? open : undefined
}

const twice = ({ firstIndex }: OpenRequest, id: string): Error =>
  invalidArgument(
    `sample ${firstIndex} of ${shown(id)} is asked for twice`,
    'give every task an id of its own, requests of one task different indices, and other contents an id by requestId',
  )

const endOf = ({ firstIndex, has }: OpenRequest): number => firstIndex + has.length
