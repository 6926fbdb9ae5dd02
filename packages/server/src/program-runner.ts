import type { CallOptions } from '@posttrain/core'
import { busy, Refusal } from './refusal.js'
import type { Room } from './room.js'
import type { Client } from './web-app.js'

/** A main program that a client wants run. */
export interface AskedProgram {
  readonly language: 'python'
  readonly code: string
  readonly stdin: string
  /** Wall time in seconds after which it is ended, if the runner's own limit does not end it before. */
  readonly seconds: number
}

/** What became of it. */
export interface AskedRun {
  /** `finished`, `timeout`, `unscored` for a program that cannot be run here, or another reason why it failed. */
  readonly status: string
  /** One sentence a person can check. */
  readonly reason: string
  readonly stdout: string
  readonly stderr: string
  /** Its exit status; undefined where it did not end by itself. */
  readonly exitCode: number | undefined
  /** Wall time it ran, in seconds. */
  readonly seconds: number
}

/** Runs programs, as `codeVerifier` of `@posttrain/code-verifier` does. */
export interface ProgramRunner {
  /** Runs a program until it ends by itself or by a limit; a program that fails is no error. */
  run(program: AskedProgram, options?: CallOptions): Promise<AskedRun>
}

/**
 * Runs a program of a client.
 *
 * @throws Refusal if the runner threw, or no turn came within `patience` seconds, or as `Room.hold` does
 */
export type Run = (program: AskedProgram, patience: number, client: Client) => Promise<AskedRun>

/** A runner that keeps to the room there is. */
export const makeRun =
  (runner: ProgramRunner, room: Room): Run =>
  (program, patience, { name, signal }) =>
    room.hold(1, name, async () => {
      const late = AbortSignal.timeout(patience * 1000)
      const stop = AbortSignal.any([signal, late])
      try {
        return await room.turn(() => runner.run(program, { signal: stop }), stop)
      } catch (error) {
        if (signal.aborted) throw new Refusal(499, 'client-left', 'the client left before it was answered')
        if (late.aborted) throw busy(`the program did not end within ${patience} seconds of its arrival`)
        throw error
      }
    })
