import { rational } from '@posttrain/rewards'
import { limits, Undecided } from '../limits/undecided.js'
import { Cursor } from './cursor.js'
import { apply, type Node } from './node.js'
import type { Token } from './tokens.js'

/** Reads by precedence: sums of products of powers of atoms. What commands and letters are, a subclass says. */
export abstract class Operators extends Cursor {
  /** Reads what follows a command. */
  protected abstract command(name: string): Node

  /** Reads the index of a letter, where it has one. */
  protected abstract subscripted(name: string): Node

  sum(): Node {
    if (++this.depth > limits.depth) throw new Undecided('the expression is too deep')
    let node: Node
    if (this.accept('\\pm')) node = apply('plusminus', apply('number0'), this.product())
    else node = this.product()
    for (;;) {
      const sign = this.accept('+', '-', '\\pm')
      if (sign === undefined) break
      const right = this.product()
      node = apply(sign === '+' ? 'add' : sign === '-' ? 'subtract' : 'plusminus', node, right)
    }
    this.depth--
    return node
  }

  protected product(): Node {
    let node = this.signed()
    for (;;) {
      const sign = this.accept('*', '/')
      if (sign !== undefined) {
        node = apply(sign === '*' ? 'multiply' : 'divide', node, this.signed())
      } else if (this.startsFactor()) {
        if (this.list[this.at]?.kind === 'number') throw new Undecided('two numbers stand side by side')
        node = apply('multiply', node, this.postfix())
      } else return node
    }
  }

  private signed(): Node {
    this.count()
    if (this.accept('-')) return apply('negate', this.signed())
    if (this.accept('+')) return this.signed()
    const mixed = this.mixedNumber()
    return mixed ?? this.postfix()
  }

  /** `2\frac{3}{4}` and `2 3/4` are 2 + 3/4. */
  private mixedNumber(): Node | undefined {
    this.skip()
    const whole = this.list[this.at]
    if (whole?.kind !== 'number' || !whole.natural) return undefined
    const start = this.at++
    const spaced = this.list[this.at]?.kind === 'space'
    if (this.accept('\\frac')) {
      const [top, bottom] = [this.argument(), this.argument()]
      if (top.kind === 'number' && bottom.kind === 'number')
        return apply('add', { kind: 'number', value: whole.value }, apply('divide', top, bottom))
    } else if (spaced && this.peek() === '#') {
      const [top, slash, bottom] = this.list.slice(this.at, this.at + 3)
      if (top?.kind === 'number' && slash?.kind === 'sign' && slash.text === '/' && bottom?.kind === 'number') {
        this.at += 3
        const fraction = apply('divide', { kind: 'number', value: top.value }, { kind: 'number', value: bottom.value })
        return apply('add', { kind: 'number', value: whole.value }, fraction)
      }
    }
    this.at = start
    return undefined
  }

  private startsFactor(): boolean {
    const next = this.peek()
    if (next === undefined) return false
    const token = this.list[this.at]!
    if (token.kind === 'number' || token.kind === 'letter') return true
    if (token.kind === 'sign') return token.text === '(' || token.text === '{' || token.text === '['
    return (
      token.kind === 'command' &&
      !['pm', 'degree', 'rfloor', 'rceil', '}', '|', 'end', '%', 'rangle'].includes(token.text)
    )
  }

  protected postfix(): Node {
    let node = this.atom()
    for (;;) {
      this.count()
      if (this.accept('!')) node = apply('factorial', node)
      else if (this.accept('\\degree')) node = apply('degrees', node)
      else if (this.accept('^')) node = apply('power', node, this.argument(true))
      else return node
    }
  }

  /** What follows ^ or \frac: a group, or one sign. */
  protected argument(power = false): Node {
    this.skip()
    if (this.accept('{')) {
      const node = this.sum()
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
    if (token.text === '|') return this.closed('abs', '|')
    throw new Undecided(`${token.text} is out of place`)
  }

  private group(open: string): Node {
    const node = this.sum()
    this.expect(open === '(' ? ')' : open === '[' ? ']' : '}')
    return node
  }

  protected closed(name: string, close: string): Node {
    const node = this.sum()
    this.expect(close)
    return apply(name, node)
  }
}
