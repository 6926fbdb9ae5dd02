/** A file or a folder in a folder. */
export interface Entry {
  readonly name: string
  readonly isFolder: boolean
}

/**
 * What a run asks of a disk. Operations that change something last through a power cut only once they are synced: the
 * content of a file by `sync`, the names in a folder by `syncFolder`. All throw Node's errors, with their `code`.
 */
export interface FileSystem {
  /** Writes a new file; `EEXIST` if there is one. */
  create(path: string, content: Uint8Array): void
  /** Adds to the end of a file; `ENOENT` if there is none. */
  append(path: string, content: Uint8Array): void
  sync(path: string): void
  syncFolder(path: string): void
  /** Replaces a file in one step. */
  rename(from: string, to: string): void
  /** Removes a file. */
  remove(path: string): void
  /** `EEXIST` if there is one, `ENOENT` if its parent is missing. */
  makeFolder(path: string): void
  /** Removes an empty folder. */
  removeFolder(path: string): void
  read(path: string): Uint8Array
  /** What is in a folder, by name. */
  list(path: string): readonly Entry[]
}
