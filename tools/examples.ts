import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** A piece of documentation that runs. */
export interface Example {
  readonly file: string
  readonly line: number
  readonly code: string
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length

/** Every ```ts fence of a source file's docstrings. */
export function docstringExamples(file: string): Example[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/^( *\* )```ts\n(.*?)^\1```/gms)].map((fence) => ({
    file,
    line: lineOf(text, fence.index) + 1,
    code: fence[2]!.replace(/^ *\* ?/gm, ''),
  }))
}

/** Loads a module by the name an example imports it by. */
export type Load = (name: string) => Promise<Readonly<Record<string, unknown>>>

/** Compares the value of a statement with what the comment `// => value` behind it says. */
export type Check = (actual: unknown, expected: unknown, statement: string) => void

/**
 * Turns an example into a function: imports become calls of `load`, `expression // => value` becomes a call of `check`,
 * and `names` can be used without importing them.
 */
export function runnable(
  code: string,
  names: readonly string[],
): (load: Load, check: Check, values: readonly unknown[]) => Promise<void> {
  const source = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ES2022)
  const statements = source.statements.map((statement, i) => {
    const behind = code.slice(statement.end, source.statements[i + 1]?.getStart(source) ?? code.length)
    const expected = /^\s*\/\/ => (.+)$/m.exec(behind)?.[1]
    const text = ts.isImportDeclaration(statement) ? loading(statement) : statement.getText(source)
    if (expected === undefined) return `${text};`
    const check = (actual: string): string => `__check(${actual}, (${expected}), ${JSON.stringify(text)});`
    if (ts.isExpressionStatement(statement)) return check(statement.expression.getText(source))
    const name = ts.isVariableStatement(statement) && statement.declarationList.declarations[0]?.name.getText(source)
    if (!name) throw new Error(`"// => ${expected}" must follow an expression or a variable`)
    return `${text}; ${check(name)}`
  })
  const body = `{\n${statements.join('\n')}\n}` // the block lets an example name its variables as it likes
  const { outputText } = ts.transpileModule(body, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  const AsyncFunction = (async () => undefined).constructor as new (
    ...parameters: string[]
  ) => (...values: unknown[]) => Promise<void>
  const run = new AsyncFunction('__load', '__check', ...names, outputText)
  return (load, check, values) => run(load, check, ...values)
}

function loading({ importClause, moduleSpecifier }: ts.ImportDeclaration): string {
  const from = `await __load(${JSON.stringify((moduleSpecifier as ts.StringLiteral).text)})`
  if (!importClause) return from
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return ''
  const { name, namedBindings } = importClause
  const parts = name ? [`default: ${name.text}`] : []
  if (namedBindings && ts.isNamespaceImport(namedBindings)) return `const ${namedBindings.name.text} = ${from}`
  for (const element of namedBindings?.elements ?? []) {
    if (!element.isTypeOnly) parts.push(`${element.propertyName?.text ?? element.name.text}: ${element.name.text}`)
  }
  return `const { ${parts.join(', ')} } = ${from}`
}

/**
 * The actual value with every number rounded to the decimals the expected one shows, typed arrays as lists: what may be
 * compared exactly.
 */
export function toShownPrecision(actual: unknown, expected: unknown): unknown {
  if (typeof actual === 'number' && typeof expected === 'number' && Number.isFinite(actual)) {
    // Beyond twelve decimals a value shows the order of a sum, which is nobody's promise.
    const decimals = Math.min(12, /\.(\d+)$/.exec(String(expected))?.[1]?.length ?? 0)
    return Number.isInteger(expected) && !Number.isInteger(actual) ? actual : Number(actual.toFixed(decimals))
  }
  if (ArrayBuffer.isView(actual) && Array.isArray(expected)) {
    return toShownPrecision(Array.from(actual as Float64Array), expected)
  }
  if (Array.isArray(actual) && Array.isArray(expected)) return actual.map((a, i) => toShownPrecision(a, expected[i]))
  if (isPlain(actual) && isPlain(expected)) {
    return Object.fromEntries(Object.entries(actual).map(([key, a]) => [key, toShownPrecision(a, expected[key])]))
  }
  return actual
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
