import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { circles } from '../circles.js'
import { codeFiles, namedModules, relativeModule } from '../imports.js'
import { packages } from '../workspace.js'

describe('circles', () => {
  const of = (edges: Record<string, string>): string[] => {
    const rows = Object.entries(edges).map(([node, next]) => [node, next.split('')] as const)
    return circles(new Map(rows)).map((group) => group.join(''))
  }

  it('finds none in a tree or where two ways meet', () => {
    expect(of({ a: 'bc', b: 'd', c: 'd', d: '' })).toEqual([])
  })

  it('finds a pair, a long way round, and circles that share a node as one', () => {
    expect(of({ a: 'b', b: 'a' })).toEqual(['ab'])
    expect(of({ z: 'b', a: 'b', b: 'c', c: 'd', d: 'b' })).toEqual(['bcd'])
    expect(of({ a: 'bc', b: 'a', c: 'a', x: 'y', y: 'xa' })).toEqual(['abc', 'xy'])
  })
})

/** For each source file of a package the source files that it names, by path under src/. */
function importsWithin(path: string): Map<string, string[]> {
  const src = join(path, 'src')
  return new Map(
    codeFiles(src).map((file) => {
      const named = namedModules(file).flatMap((name) => relativeModule(file, name) ?? [])
      return [relative(src, file), named.map((other) => relative(src, other)).filter((other) => other !== file)]
    }),
  )
}

/** The same between the folders directly under src/; a file beside them stands for itself. */
function betweenFolders(imports: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const folderOf = (file: string): string => file.split('/')[0]!
  const folders = new Map<string, string[]>()
  for (const [file, named] of imports) {
    const folder = folderOf(file)
    const others = named.map(folderOf).filter((other) => other !== folder)
    folders.set(folder, [...(folders.get(folder) ?? []), ...others])
  }
  return folders
}

describe.each(packages.map((one) => [one.folder, one.path] as const))('the sources of %s', (_, path) => {
  const imports = importsWithin(path)

  it('import each other without a circle of files, types included', () => {
    expect([...imports.values()].flat().length, 'imports seen').toBeGreaterThan(0)
    expect(circles(imports)).toEqual([])
  })

  it('import each other without a circle of folders', () => {
    expect(circles(betweenFolders(imports))).toEqual([])
  })
})
