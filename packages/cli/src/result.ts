import type { Block } from './block.js'

/** What a command found, for every form that it can be asked for. */
export interface Result {
  /** For instance `compare by pass@1: before.jsonl, after.jsonl`. */
  readonly title: string
  /** What a reader must know beside the figures. */
  readonly notes: readonly string[]
  readonly blocks: readonly Block[]
  /** The figures for programs. */
  readonly figures: object
  /** Where something was asked of it; programs get it beside the figures. */
  readonly gate?: Gate | undefined
}

/** Whether a result lets pass, and why: it decides the exit status. */
export interface Gate<Check extends GateCheck = GateCheck> {
  readonly passed: boolean
  readonly text: string
  /** All of them must pass. */
  readonly checks: readonly Check[]
}

/** One thing that a gate asks. */
export interface GateCheck {
  /** What is asked, for instance `pass@8 is at least 0.9`. */
  readonly name: string
  readonly passed: boolean
  readonly text: string
}
