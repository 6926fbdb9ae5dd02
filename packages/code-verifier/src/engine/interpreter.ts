import type { FailureCause } from '../program-verdict.js'

/** What an interpreter says: it asks and waits, it is done, or it is no more. */
export type Said =
  | { readonly kind: 'ask'; readonly text: string }
  | ({ readonly kind: 'done'; readonly text: string; readonly reusable: boolean } & Written)
  | ({ readonly kind: 'died'; readonly cause: FailureCause; readonly message: string } & Partial<Ended>)

/** What is known of one that ended. */
interface Ended extends Written {
  /** With which it asked to leave, past all that the language does at the end. */
  readonly exitCode: number
}

/** What a run wrote to its standard streams. One that is ended from outside takes it along. */
export interface Written {
  readonly stdout: string
  readonly stderr: string
}

/** An interpreter in another thread or process. It speaks when spoken to, so that one text answers another. */
export interface Interpreter {
  /** Starts something in an idle interpreter, or answers one that asked. Resolves at what it says next. */
  say(text: string): Promise<Said>
  /** Ends it from outside; whoever waits for it hears that it died, and of what. */
  kill(cause: FailureCause, message: string): void
  /** Whether it may serve another program. */
  readonly alive: boolean
}

/** Starts interpreters of one kind. */
export interface Engine {
  start(): Promise<Interpreter>
}
