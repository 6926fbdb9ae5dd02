import { rational } from '@posttrain/rewards'
import { limits, Undecided } from '../limits/undecided.js'
import { Cursor } from './cursor.js'
import { apply, type Node } from './node.js'
import type { Token } from './tokens.js'

/** Reads powers of atoms. What stands in brackets, and what commands and letters are, a subclass says. */
export abstract class Factors extends Cursor {
  protected barIsOpen = false

  abstract sum(): Node

  /** Reads what braces and brackets hold. */
  protected abstract whole(): Node

  /** Reads what follows a command. */
  protected abstract command(name: string): Node

  /** Reads the index of a letter, where it has one. */
  protected abstract subscripted(name: string): Node

  protected postfix(): Node {
    let node = this.atom()
    for (;;) {
      this.count()
      if (this.accept('!')) node = apply(this.accept('!') ? 'doublefactorial' : 'factorial', node)
      else if (this.accept('\\degree')) node = apply('degrees', node)
      else if (this.accept('^')) node = apply('power', node, this.argument(true))
      else return node
    }
  }

  /** What follows ^ or \frac: a group, or one sign. */
  protected argument(power = false): Node {
    this.skip()
    if (this.accept('{')) {
      const node = this.whole()
      this.expect('}')
      return node
    }
    if (power && this.accept('-')) return apply('negate', this.argument(true))
    this.count()
    const token = this.list[this.at]
    if (!power && token?.kind === 'number' && token.natural) return this.digit(token.value.numerator)
    return power ? this.powerArgument() : this.atom()
  }

  /** `\frac34` is 3/4: one digit each. */
  private digit(value: bigint): Node {
    const text = `${value}`
    if (text.length === 1) {
      this.at++
      return { kind: 'number', value: rational(value) }
    }
    const rest: Token = { kind: 'number', value: rational(BigInt(text.slice(1))), natural: true }
    ;(this.list as Token[])[this.at] = rest
    return { kind: 'number', value: rational(BigInt(text[0]!)) }
  }

  private powerArgument(): Node {
    const base = this.atom()
    return this.accept('^') ? apply('power', base, this.argument(true)) : base
  }

  protected atom(): Node {
    this.count()
    if (++this.depth > limits.depth) throw new Undecided('the expression is too deep')
    const node = this.unbounded()
    this.depth--
    return node
  }

  private unbounded(): Node {
    this.skip()
    const token = this.list[this.at]
    if (token === undefined) throw new Undecided('the expression is cut off')
    this.at++
    if (token.kind === 'number') return { kind: 'number', value: token.value }
    if (token.kind === 'letter') return this.subscripted(token.text)
    if (token.kind === 'command') return this.command(token.text)
    if (token.text === '(' || token.text === '[' || token.text === '{') return this.group(token.text)
    if (token.text === '|') return this.bars()
    throw new Undecided(`${token.text} is out of place`)
  }

  private group(open: string): Node {
    const node = this.whole()
    this.expect(open === '(' ? ')' : open === '[' ? ']' : '}')
    return node
  }

  /** |x|; within it a bar closes. */
  private bars(): Node {
    const outer = this.barIsOpen
    this.barIsOpen = true
    const node = this.closed('abs', '|')
    this.barIsOpen = outer
    return node
  }

  protected closed(name: string, close: string): Node {
    const node = this.sum()
    this.expect(close)
    return apply(name, node)
  }
}
