import type { Outcome, RewardFunction, Sample, Task } from '@posttrain/core'
import { rewardServer, type RewardServerOptions, type WebServer } from '@posttrain/server'

/** A reward that says 1 for the reference, is unscored for "hm" and throws for a task without a reference. */
export const exact: RewardFunction = {
  name: 'exact',
  async score({ id, reference }: Task, samples: readonly Sample[]) {
    if (reference === undefined) throw new Error(`no reference for ${id}`)
    return samples.map(({ text }): Outcome =>
      text === 'hm'
        ? { kind: 'unscored', reason: 'cannot tell' }
        : { kind: 'scored', reward: Number(text === reference), answer: text },
    )
  },
}

/** A reward whose verdicts come when the test says so. */
export function held(): { readonly reward: RewardFunction; readonly asked: string[]; release(): void } {
  const asked: string[] = []
  let open = false
  const waiting = new Set<() => void>()
  const reward: RewardFunction = {
    name: 'held',
    async score(_, samples) {
      asked.push(samples[0]!.text)
      if (!open) await new Promise<void>((resolve) => waiting.add(resolve))
      return samples.map(({ text }): Outcome => ({ kind: 'scored', reward: text.length }))
    },
  }
  const release = (): void => {
    open = true
    for (const resolve of waiting) resolve()
  }
  return { reward, asked, release }
}

/** A server without a token, unless the options say otherwise. */
export const served = (options: Partial<RewardServerOptions> = {}): WebServer =>
  rewardServer({ reward: exact, token: false, ...options })

/** What a server answers to JSON: its status, its body and when to try again. */
export async function post(
  server: WebServer,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; retryAfter: string | null }> {
  const response = await server.fetch(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
  return { status: response.status, body: await response.json(), retryAfter: response.headers.get('retry-after') }
}

/** A text that a server answers to a GET. */
export const get = async (server: WebServer, path: string): Promise<string> =>
  (await server.fetch(new Request(`http://localhost${path}`))).text()
