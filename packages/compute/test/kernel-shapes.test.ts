import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import type { BufferRequirement, Dimension } from '../src/checks/signature.js'
import { signatures } from '../src/checks/signatures/index.js'

/** A buffer of a kernel as its docstring describes it. */
interface Documented {
  readonly dtype: string
  readonly shape: readonly string[]
  readonly optional: boolean
}

const folder = new URL('../src/kernels/', import.meta.url)

const docstringOf = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')

/** `i32 (rows): …` or `(rows, columns); …`. */
function describedBy(docstring: string, optional: boolean): Documented {
  const [, integers = '', shape = ''] = /^(i32 )?\(([^)]*)\)/.exec(docstring) ?? []
  return { dtype: integers === '' ? 'f32' : 'i32', shape: shape.split(', '), optional }
}

/** The buffers of every kernel in a file, by kernel and argument. */
function documentedIn(file: string): [kernel: string, buffers: Record<string, Documented>][] {
  const source = ts.createSourceFile(file, readFileSync(new URL(file, folder), 'utf8'), ts.ScriptTarget.ES2022, true)
  const properties = (members: ts.NodeArray<ts.TypeElement>): ts.PropertySignature[] =>
    members.filter((member) => ts.isPropertySignature(member))
  const kernels = source.statements.filter(ts.isInterfaceDeclaration).flatMap(({ members }) => properties(members))
  return kernels.map((kernel) => {
    const buffers = properties((kernel.type as ts.TypeLiteralNode).members)
      .filter(({ type }) => type?.getText().startsWith('DeviceBuffer'))
      .map((buffer) => [buffer.name.getText(), describedBy(docstringOf(buffer), buffer.questionToken !== undefined)])
    return [kernel.name.getText(), Object.fromEntries(buffers) as Record<string, Documented>]
  })
}

/** A sum of sizes as people write it: `heads + 2 · keyValueHeads`. */
function sumOf(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => (count === 1 ? name : `${count} · ${name}`)).join(' + ')
}

const written = (dimension: Dimension): string => (typeof dimension === 'object' ? sumOf(dimension) : String(dimension))

const documented = Object.fromEntries(readdirSync(folder).flatMap(documentedIn))

describe('docstrings of kernel arguments', () => {
  it('are there for every kernel', () => {
    expect(Object.keys(documented).sort()).toEqual(Object.keys(signatures).sort())
  })

  it.each(Object.entries(signatures))('state the shapes that %s checks', (kernel, { sizes, buffers }) => {
    const actual = documented[kernel]!
    expect(Object.keys(actual).sort()).toEqual(Object.keys(buffers).sort())
    for (const [name, required] of Object.entries<BufferRequirement>(buffers)) {
      const { dtype, shape, optional } = actual[name]!
      expect({ dtype, optional }, name).toEqual({ dtype: required.dtype, optional: required.optional })
      // A free number of rows has a name of its own, which is no size of the kernel.
      const expected = required.shape.map((dimension, i) => (dimension === '*' ? shape[i] : written(dimension)))
      expect(shape, name).toEqual(expected)
      required.shape.forEach((dimension, i) => {
        if (dimension === '*') expect(Object.keys(sizes), name).not.toContain(shape[i])
      })
    }
  })
})
