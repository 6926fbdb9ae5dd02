import { appendFileSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { performance } from 'node:perf_hooks'
import * as z from 'zod'
import { tryTo } from '../files/whole-file.js'
import { SESSIONS } from './folder-layout.js'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** One time that a run was at work, from its start or a resume to its end or a stop. */
export interface RunSession {
  /** Of `@posttrain/recipes`. */
  readonly version: string
  /** Of Node. */
  readonly node: string
  /** Operating system and processor architecture. */
  readonly platform: string
  readonly processor: string
  /** Processors that the process may use. */
  readonly processors: number
  /** Where it computed. */
  readonly device: string
  /** ISO 8601, in UTC. */
  readonly started: string
  readonly seconds: number
}

const schema: z.ZodType<RunSession> = z.strictObject({
  version: z.string(),
  node: z.string(),
  platform: z.string(),
  processor: z.string(),
  processors: z.int().positive(),
  device: z.string(),
  started: z.iso.datetime(),
  seconds: z.number().nonnegative(),
})

/** @returns call it at the end: it writes the session down, if the folder can be written */
export function beginSession(path: string, device: string): () => void {
  const started = new Date().toISOString()
  const from = performance.now()
  return () => {
    const session: RunSession = {
      version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      processors: availableParallelism(),
      device,
      started,
      seconds: Math.round(performance.now() - from) / 1000,
    }
    tryTo(() => appendFileSync(`${path}/${SESSIONS}`, `${JSON.stringify(session)}\n`))
  }
}

/** What is known of when a run was at work. A part that was killed has left nothing, and half a line is none. */
export function readSessions(path: string): RunSession[] {
  let text = ''
  tryTo(() => (text = readFileSync(`${path}/${SESSIONS}`, 'utf8')))
  return text.split('\n').flatMap((line) => {
    const parsed = schema.safeParse(jsonOf(line))
    return parsed.success ? [parsed.data] : []
  })
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
