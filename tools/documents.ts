// What readers are shown beside the code: Markdown documents, and the programs in their code blocks.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { packages, root } from './workspace.js'

/** Where documents are, from the root: their names, sorted. */
export const documents: readonly string[] = [
  ...['.', 'docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  ),
  ...packages.map(({ folder }) => `packages/${folder}/README.md`),
].sort()

/** A code block of a document. */
export interface Block {
  /** The first word behind the fence: `ts`, `sh`; empty if there is none. */
  readonly language: string
  /** The words behind it: `no-run` for a program that needs what a test has not, such as a folder of weights. */
  readonly flags: readonly string[]
  /** The line of its first line, from 1. */
  readonly line: number
  readonly code: string
}

/** The code blocks of a document, those in its comments included. */
export function blocksOf(text: string): Block[] {
  return [...text.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map((match) => {
    const [language = '', ...flags] = match[1]!.split(' ')
    return { language, flags, line: text.slice(0, match.index).split('\n').length + 1, code: match[2]! }
  })
}

/** The code blocks of a document of the repository. */
export const blocksOfFile = (file: string): Block[] => blocksOf(readFileSync(join(root, file), 'utf8'))

/** The TypeScript of a document of the repository: all of it is to compile, and what needs nothing special to run. */
export function programsOf(file: string): { readonly compiling: readonly Block[]; readonly running: readonly Block[] } {
  const compiling = blocksOfFile(file).filter(({ language }) => language === 'ts')
  return { compiling, running: compiling.filter(({ flags }) => !flags.includes('no-run')) }
}

/**
 * Blocks of TypeScript as one program: a block sees the names of those before it, and may use them again for something else.
 * A block in a comment sets the scene for a reader who knows it. Lines keep their numbers, so that an error names the
 * line of the document.
 */
export function programOf(blocks: readonly Block[]): string {
  const lines: string[] = []
  const imports: string[] = []
  for (const { line, code } of blocks) {
    const source = ts.createSourceFile('block.ts', code, ts.ScriptTarget.ES2022)
    let body = code
    for (const statement of source.statements.filter(ts.isImportDeclaration)) {
      const text = statement.getText(source)
      imports.push(text.replace(/\s+/g, ' '))
      body = body.replace(text, text.replace(/.+/g, ''))
    }
    while (lines.length < line - 2) lines.push('')
    lines.push('{', ...body.replace(/\n$/, '').split('\n'))
  }
  lines[0] = `${imports.join(';')};${lines[0] ?? ''}`
  return `${lines.join('\n')}\n${'}'.repeat(blocks.length)}\n`
}
