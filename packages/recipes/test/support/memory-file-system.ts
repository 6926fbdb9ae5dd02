import { dirname, basename } from 'node:path/posix'
import type { Entry, FileSystem } from '../../src/files/file-system.js'

interface File {
  content: Uint8Array
  /** What a power cut leaves for certain. */
  synced: Uint8Array
}
interface Folder {
  entries: Map<string, Node>
  synced: Map<string, Node>
}
type Node = File | Folder

const isFolder = (node: Node): node is Folder => 'entries' in node
const newFolder = (): Folder => ({ entries: new Map(), synced: new Map() })

/** The process is dead: nothing it does from now on has an effect. */
export class Crash extends Error {}

/** What happens at an operation instead of what was asked. */
export type Fault = 'crash' | { readonly code: string }

/** Who is asked before each operation, and answers with a fault; `half`: half of the content is written before. */
export type Saboteur = (count: number, operation: string, path: string) => { fault: Fault; half?: boolean } | undefined

/** A disk in memory that fails when it is told to, and forgets what was not synced. */
export class MemoryFileSystem implements FileSystem {
  #root: Folder = newFolder()
  isDead = false
  count = 0
  saboteur: Saboteur = () => undefined

  create(path: string, content: Uint8Array): void {
    this.#act('create', path, (half) => {
      const folder = this.#folder(dirname(path), path)
      if (folder.entries.has(basename(path))) throw failure('EEXIST', path)
      folder.entries.set(basename(path), { content: cut(content, half), synced: new Uint8Array() })
    })
  }

  append(path: string, content: Uint8Array): void {
    this.#act('append', path, (half) => {
      const file = this.#file(path)
      file.content = Uint8Array.from([...file.content, ...cut(content, half)])
    })
  }

  sync(path: string): void {
    this.#act('sync', path, () => {
      const file = this.#file(path)
      file.synced = file.content
    })
  }

  syncFolder(path: string): void {
    this.#act('syncFolder', path, () => {
      const folder = this.#folder(path)
      folder.synced = new Map(folder.entries)
    })
  }

  rename(from: string, to: string): void {
    this.#act('rename', from, () => {
      const node = this.#file(from)
      this.#folder(dirname(from)).entries.delete(basename(from))
      this.#folder(dirname(to)).entries.set(basename(to), node)
    })
  }

  remove(path: string): void {
    this.#act('remove', path, () => {
      this.#file(path)
      this.#folder(dirname(path)).entries.delete(basename(path))
    })
  }

  makeFolder(path: string): void {
    this.#act('makeFolder', path, () => {
      const parent = this.#folder(dirname(path), path)
      if (parent.entries.has(basename(path))) throw failure('EEXIST', path)
      parent.entries.set(basename(path), newFolder())
    })
  }

  removeFolder(path: string): void {
    this.#act('removeFolder', path, () => {
      if (this.#folder(path).entries.size > 0) throw failure('ENOTEMPTY', path)
      this.#folder(dirname(path)).entries.delete(basename(path))
    })
  }

  read(path: string): Uint8Array {
    return this.#act('read', path, () => this.#file(path).content)
  }

  list(path: string): readonly Entry[] {
    return this.#act('list', path, () =>
      [...this.#folder(path).entries]
        .map(([name, node]) => ({ name, isFolder: isFolder(node) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    )
  }

  /**
   * Lives again. @param keeps whether what was not synced is there all the same, asked for each file and each name
   */
  restart(keeps: () => boolean): void {
    this.isDead = false
    this.saboteur = () => undefined
    const settle = (node: Node): void => {
      if (!isFolder(node)) {
        if (node.content !== node.synced && !keeps()) node.content = node.synced
        node.synced = node.content
        return
      }
      for (const name of new Set([...node.entries.keys(), ...node.synced.keys()])) {
        const [now, before] = [node.entries.get(name), node.synced.get(name)]
        if (now === before || keeps()) continue
        if (before) node.entries.set(name, before)
        else node.entries.delete(name)
      }
      node.synced = new Map(node.entries)
      for (const child of node.entries.values()) settle(child)
    }
    settle(this.#root)
  }

  /** Every file under a folder, by its path; sabotage does not see it. */
  tree(path: string): Record<string, string> {
    const files: Record<string, string> = {}
    const walk = (node: Node, at: string): void => {
      if (!isFolder(node)) files[at] = Buffer.from(node.content).toString('latin1')
      else for (const [name, child] of node.entries) walk(child, `${at}/${name}`)
    }
    const node = this.#find(path)
    if (node) walk(node, path)
    return files
  }

  /** Changes a file, or with undefined removes it or a folder, behind everybody's back. */
  damage(path: string, content: Uint8Array | undefined): void {
    const folder = this.#folder(dirname(path))
    if (content) folder.entries.set(basename(path), { content, synced: content })
    else folder.entries.delete(basename(path))
    folder.synced = new Map(folder.entries)
  }

  copy(): MemoryFileSystem {
    const copy = new MemoryFileSystem()
    const clone = (node: Node): Node => {
      if (!isFolder(node)) return { content: node.content, synced: node.content }
      const entries = new Map([...node.entries].map(([name, child]) => [name, clone(child)]))
      return { entries, synced: new Map(entries) }
    }
    copy.#root = clone(this.#root) as Folder
    return copy
  }

  #act<T>(operation: string, path: string, act: (half: boolean) => T): T {
    if (this.isDead) throw new Crash()
    const sabotage = this.saboteur(this.count++, operation, path)
    if (!sabotage) return act(false)
    if (sabotage.half) act(true)
    if (sabotage.fault !== 'crash') throw failure(sabotage.fault.code, path)
    this.isDead = true
    throw new Crash()
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (!node) return undefined
      if (!isFolder(node)) throw failure('ENOTDIR', path)
      node = node.entries.get(name)
    }
    return node
  }

  #folder(path: string, asked = path): Folder {
    const node = this.#find(path)
    if (!node) throw failure('ENOENT', asked)
    if (!isFolder(node)) throw failure('ENOTDIR', asked)
    return node
  }

  #file(path: string): File {
    const node = this.#find(path)
    if (!node) throw failure('ENOENT', path)
    if (isFolder(node)) throw failure('EISDIR', path)
    return node
  }
}

const cut = (content: Uint8Array, half: boolean): Uint8Array =>
  half ? content.slice(0, content.length >> 1) : Uint8Array.from(content)

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code })
}
