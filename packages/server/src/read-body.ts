import { problemsOf, reasonOf } from '@posttrain/core'
import type * as z from 'zod'
import { Refusal } from './refusal.js'

/**
 * The body of a request, as a schema gives it.
 *
 * @throws Refusal 415 for something else than JSON, which a page of another site could send without being asked; 400
 *   for JSON that does not parse; 422 with the fields that are wrong
 */
export async function readBody<Body>(request: Request, schema: z.ZodType<Body>): Promise<Body> {
  const type = request.headers.get('content-type') ?? 'none'
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(type)) {
    throw new Refusal(415, 'not-json', `the content type is ${type}`, { hint: 'send application/json' })
  }
  const read = schema.safeParse(parsed(await request.text()))
  if (read.success) return read.data
  throw new Refusal(422, 'invalid-data', problemsOf(read.error))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(400, 'not-json', `the body is no JSON: ${reasonOf(error)}`)
  }
}
