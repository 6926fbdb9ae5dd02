import { rational } from '@posttrain/rewards'
import { limits, Undecided } from '../limits/undecided.js'
import { apply, type Node } from './node.js'
import { Cursor } from './cursor.js'
import { tokens, type Token } from './tokens.js'

const plainFunctions = new Set([
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'ln',
  'log',
  'exp',
  'arcsin',
  'arccos',
  'arctan',
  'gcd',
  'lcm',
  'abs',
  'floor',
  'ceil',
  'sinh',
  'cosh',
  'tanh',
  'lg',
])
const greek =
  /^(?:alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Omega|Sigma|Phi|Psi)$/

/**
 * Reads one expression in LaTeX or plain text.
 *
 * @throws Undecided for what is no expression, and beyond the limits.
 */
export function parse(text: string): Node {
  const reader = new Reader(tokens(text))
  const node = reader.sum()
  reader.end()
  return node
}

/** A reader by precedence: sums of products of powers. */
class Reader extends Cursor {
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

  private product(): Node {
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

  private postfix(): Node {
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
  private argument(power = false): Node {
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

  private atom(): Node {
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

  private closed(name: string, close: string): Node {
    const node = this.sum()
    this.expect(close)
    return apply(name, node)
  }

  private subscripted(name: string): Node {
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

  private command(name: string): Node {
    if (name === 'pi') return { kind: 'symbol', name: 'π' }
    if (name === 'infty') return { kind: 'symbol', name: '∞' }
    if (greek.test(name)) return this.subscripted(`\\${name}`)
    if (name === 'frac') return apply('divide', this.argument(), this.argument())
    if (name === 'binom') return apply('binom', this.argument(), this.argument())
    if (name === 'sqrt') return this.root()
    if (name === 'lfloor') return this.closed('floor', '\\rfloor')
    if (name === 'lceil') return this.closed('ceil', '\\rceil')
    if (name === '|') return this.closed('abs', '\\|')
    if (name === 'sum' || name === 'prod') return this.indexed(name)
    if (name === 'int') return this.integral()
    if (plainFunctions.has(name)) return this.call(name)
    throw new Undecided(`\\${name} is not read`)
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
    if (exponent?.kind === 'apply' && exponent.name === 'negate') throw new Undecided('an inverse function')
    const args = this.callArguments()
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
