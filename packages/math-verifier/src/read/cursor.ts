import { limits, Undecided } from '../limits/undecided.js'
import type { Token } from './tokens.js'

/** A place in a list of tokens. */
export class Cursor {
  protected at = 0
  protected depth = 0
  protected atoms = 0

  constructor(protected readonly list: readonly Token[]) {}

  protected skip(): void {
    while (this.list[this.at]?.kind === 'space') this.at++
  }

  protected peek(): string | undefined {
    this.skip()
    const token = this.list[this.at]
    if (token === undefined) return undefined
    return token.kind === 'number' ? '#' : token.kind === 'command' ? `\\${token.text}` : token.text
  }

  protected accept(...texts: readonly string[]): string | undefined {
    const next = this.peek()
    if (next === undefined || !texts.includes(next)) return undefined
    this.at++
    return next
  }

  protected expect(text: string): void {
    if (this.accept(text) === undefined) throw new Undecided(`${text} is missing`)
  }

  end(): void {
    if (this.peek() !== undefined) throw new Undecided(`${this.peek()!} is out of place`)
  }

  protected count(): void {
    if (++this.atoms > limits.atoms) throw new Undecided('the expression is too long')
  }
}
