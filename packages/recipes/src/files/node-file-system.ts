import { closeSync, constants, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { renameSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs'
import type { FileSystem } from './file-system.js'

/** The disk. */
export const nodeFileSystem: FileSystem = {
  create: (path, content) => withFile(path, 'wx', (file) => writeFileSync(file, content)),
  append: (path, content) =>
    withFile(path, constants.O_WRONLY | constants.O_APPEND, (file) => writeFileSync(file, content)),
  sync: (path) => withFile(path, 'r+', fsyncSync),
  syncFolder: (path) => {
    if (process.platform !== 'win32') withFile(path, 'r', fsyncSync) // Windows has no such call and needs none
  },
  rename: renameSync,
  remove: unlinkSync,
  makeFolder: (path) => {
    mkdirSync(path)
  },
  removeFolder: rmdirSync,
  read: (path) => readFileSync(path),
  list: (path) =>
    readdirSync(path, { withFileTypes: true })
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
}

function withFile(path: string, flags: string | number, act: (file: number) => void): void {
  const file = openSync(path, flags)
  try {
    act(file)
  } finally {
    closeSync(file)
  }
}
