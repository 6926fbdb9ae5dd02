import type { SampleRequest } from '@posttrain/core'
import type { EndpointAbilities } from '../abilities.js'
import type { Draw } from './request-body.js'

/** Choices of one request, at most: what servers take, and what is lost with a connection that breaks. */
const MOST_CHOICES = 32

/** The requests to the server that a request is made of. */
export function drawsOf(request: SampleRequest, { n }: EndpointAbilities): readonly Draw[] {
  const { firstIndex: first = 0, count: all } = request
  const size = n ? MOST_CHOICES : 1
  return Array.from({ length: Math.ceil(all / size) }, (_, i) => ({
    request,
    firstIndex: first + i * size,
    count: Math.min(size, all - i * size),
  }))
}
