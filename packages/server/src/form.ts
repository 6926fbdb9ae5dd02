import type * as z from 'zod'
import type { Judge } from './judge.js'
import type { Run } from './program-runner.js'
import type { Client } from './web-app.js'

/** What forms are answered with. */
export interface Desk {
  readonly judge: Judge
  readonly run: Run
}

/** One way in which a trainer asks: where, with what, and how it is answered. */
export interface Form {
  readonly path: string
  readonly body: z.ZodType
  /**
   * @param body as the schema gives it
   * @returns what is sent as JSON
   */
  readonly answer: (body: unknown, desk: Desk, client: Client) => Promise<unknown>
}

/** A form whose answer knows what its schema gives. */
export const form = <Body extends z.ZodType>(one: {
  readonly path: string
  readonly body: Body
  readonly answer: (body: z.output<Body>, desk: Desk, client: Client) => Promise<unknown>
}): Form => one as Form
