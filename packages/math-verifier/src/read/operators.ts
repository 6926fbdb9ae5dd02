import { rational } from '@posttrain/rewards'
import { limits, Undecided } from '../limits/undecided.js'
import { Factors } from './factors.js'
import { apply, type Node } from './node.js'

const sums: ReadonlyMap<string, string> = new Map([
  ['+', 'add'],
  ['-', 'subtract'],
  ['\\pm', 'plusminus'],
  ['\\mp', 'minusplus'],
])

/** Commands that no factor starts with. */
const notFactors = new Set([
  'pm',
  'mp',
  'degree',
  'rfloor',
  'rceil',
  '}',
  '|',
  '\\',
  'end',
  '%',
  'rangle',
  'over',
  'choose',
  'bmod',
])

/** Reads sums of products by precedence. */
export abstract class Operators extends Factors {
  sum(): Node {
    if (++this.depth > limits.depth) throw new Undecided('the expression is too deep')
    let node: Node
    const first = this.accept('\\pm', '\\mp')
    if (first === undefined) node = this.product()
    else node = apply(sums.get(first)!, { kind: 'number', value: rational(0n) }, this.product())
    for (;;) {
      const sign = this.accept(...sums.keys())
      if (sign === undefined) break
      node = apply(sums.get(sign)!, node, this.product())
    }
    this.depth--
    return node
  }

  /** A sum, or two of them with \over or \choose between. */
  protected whole(): Node {
    const node = this.sum()
    const sign = this.accept('\\over', '\\choose')
    if (sign === undefined) return node
    return apply(sign === '\\over' ? 'divide' : 'binom', node, this.sum())
  }

  protected product(): Node {
    let node = this.signed()
    for (;;) {
      const sign = this.accept('*', '/', '\\bmod')
      if (sign !== undefined) {
        node = apply(sign === '*' ? 'multiply' : sign === '/' ? 'divide' : 'mod', node, this.signed())
      } else if (this.startsFactor()) {
        if (this.list[this.at]?.kind === 'number' && !this.endsFactor())
          throw new Undecided('a number stands right after another or after a letter')
        node = apply('multiply', node, this.postfix())
      } else return node
    }
  }

  /** Whether a number may follow as a factor: after a bracket, a brace, ! or i. */
  private endsFactor(): boolean {
    let at = this.at - 1
    while (this.list[at]?.kind === 'space') at--
    const last = this.list[at]
    return last?.kind === 'letter' ? last.text === 'i' : last?.kind === 'sign' && ')}]!'.includes(last.text)
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
    if (token.kind === 'sign') return '({['.includes(token.text) || (token.text === '|' && !this.barIsOpen)
    return token.kind === 'command' && !notFactors.has(token.text)
  }
}
