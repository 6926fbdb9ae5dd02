import { rational } from '@posttrain/rewards'
import { Undecided } from '../limits/undecided.js'
import { functionNames, letterNames } from './function-names.js'
import { apply, type Node } from './node.js'
import { Operators } from './operators.js'
import { tokens } from './tokens.js'

const functions = new Set(functionNames)

const inverses: ReadonlyMap<string, string> = new Map([
  ['sin', 'arcsin'],
  ['cos', 'arccos'],
  ['tan', 'arctan'],
])

/**
 * Reads one expression in LaTeX or plain text.
 *
 * @throws Undecided for what is no expression, and beyond the limits.
 */
export function parse(text: string): Node {
  const reader = new Reader(tokens(text))
  const node = reader.expression()
  reader.end()
  return node
}

/** Reads commands and letters, and by `Operators` what stands between them. */
class Reader extends Operators {
  expression(): Node {
    return this.whole()
  }

  protected override subscripted(name: string): Node {
    if ((name === 'f' || name === 'g') && this.peek() === '(') return this.call(name)
    if (!this.accept('_')) return { kind: 'symbol', name }
    const braced = this.accept('{') !== undefined
    let index = ''
    for (let next = this.list[this.at]; next !== undefined; next = this.list[this.at]) {
      if (next.kind === 'number') index += `${next.value.numerator}`
      else if (next.kind === 'letter') index += next.text
      else break
      this.at++
      if (!braced) break
    }
    if (braced) this.expect('}')
    return { kind: 'symbol', name: `${name}_${index}` }
  }

  protected override command(name: string): Node {
    if (name === 'pi') return { kind: 'symbol', name: 'π' }
    if (name === 'infty') return { kind: 'symbol', name: '∞' }
    if (letterNames.has(name)) return this.subscripted(`\\${name}`)
    if (name === 'frac') return this.fraction()
    if (name === 'binom') return apply('binom', this.argument(), this.argument())
    if (name === 'sqrt') return this.root()
    if (name === 'lfloor') return this.closed('floor', '\\rfloor')
    if (name === 'lceil') return this.closed('ceil', '\\rceil')
    if (name === '|') return this.closed('abs', '\\|')
    if (name === 'begin' || name === 'determinant') return this.matrix(name)
    if (name === 'top') return { kind: 'symbol', name: 'T' }
    if (name === 'Re' || name === 'Im') return this.call(name)
    if (name === 'sum' || name === 'prod') return this.indexed(name)
    if (name === 'int') return this.integral()
    if (functions.has(name)) return this.call(name)
    throw new Undecided(`\\${name} is not read`)
  }

  private fraction(): Node {
    const [top, bottom] = [this.argument(), this.argument()]
    const isD = (node: Node | undefined): boolean => node?.kind === 'symbol' && node.name === 'd'
    const derivative = isD(top) && bottom.kind === 'apply' && bottom.name === 'multiply' && isD(bottom.args[0])
    return derivative
      ? apply('derivative', (bottom as { args: readonly Node[] }).args[1]!, this.product())
      : apply('divide', top, bottom)
  }

  private root(): Node {
    let degree: Node = { kind: 'number', value: rational(2n) }
    if (this.accept('[')) {
      degree = this.sum()
      this.expect(']')
    }
    return apply('root', this.argument(), degree)
  }

  private call(name: string): Node {
    const base = name === 'log' && this.accept('_') ? this.argument() : undefined
    const exponent = this.accept('^') ? this.argument(true) : undefined
    const args = this.callArguments()
    if (exponent?.kind === 'apply' && exponent.name === 'negate') {
      const inverse = inverses.get(name)
      if (inverse === undefined) throw new Undecided('an inverse function')
      return apply(inverse, ...args)
    }
    const value = apply(name, ...args, ...(base === undefined ? [] : [base]))
    return exponent === undefined ? value : apply('power', value, exponent)
  }

  /** `\sin 2x` is sin(2x): products up to the next sign or function. */
  private callArguments(): Node[] {
    if (this.accept('(')) {
      const args = [this.sum()]
      while (this.accept(',')) args.push(this.sum())
      this.expect(')')
      return args
    }
    let node = this.signedFactor()
    for (;;) {
      const next = this.peek()
      const slash = next === '/'
      const token = this.list[this.at]
      const plain = token?.kind === 'letter' || token?.kind === 'number' || next === '\\pi' || next === '\\frac'
      if (slash && this.list[this.at + 1]?.kind === 'number') {
        this.at++
        node = apply('divide', node, this.postfix())
      } else if (plain && token?.kind !== 'number') node = apply('multiply', node, this.postfix())
      else return [node]
    }
  }

  private signedFactor(): Node {
    return this.accept('-') ? apply('negate', this.postfix()) : this.postfix()
  }

  /** Rows of cells up to the end; a determinant where bars enclose them. */
  private matrix(name: string): Node {
    const rows: Node[][] = []
    while (this.accept('\\end') === undefined) {
      const row = [this.sum()]
      while (this.accept('&')) row.push(this.sum())
      rows.push(row)
      if (!this.accept('\\\\') && this.peek() !== '\\end') throw new Undecided('a matrix without its end')
    }
    const matrix: Node = { kind: 'matrix', rows }
    return name === 'determinant' ? apply('det', matrix) : matrix
  }

  private indexed(name: string): Node {
    this.expect('_')
    this.expect('{')
    const variable = this.atom()
    this.expect('=')
    const from = this.sum()
    this.expect('}')
    this.expect('^')
    const to = this.argument(true)
    return apply(name, variable, from, to, this.product())
  }

  /** An end of an integral: a group, or one sign. */
  private limit(): Node {
    return this.accept('-') ? apply('negate', this.atom()) : this.atom()
  }

  private integral(): Node {
    this.expect('_')
    const from = this.limit()
    this.expect('^')
    const to = this.limit()
    // The body is a product that ends with d and the variable.
    const start = this.at
    let end = this.list.length - 1
    while (
      end > start &&
      !(this.list[end - 1]?.kind === 'letter' && (this.list[end - 1] as { text: string }).text === 'd')
    )
      end--
    const variable = this.list[end]
    if (end <= start || variable?.kind !== 'letter') throw new Undecided('an integral without its variable')
    const inner = new Reader(this.list.slice(start, end - 1))
    const body = inner.sum()
    inner.end()
    this.at = end + 1
    return apply('integral', { kind: 'symbol', name: variable.text }, from, to, body)
  }
}
