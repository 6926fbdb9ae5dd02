/** Folders whose contents Emscripten makes anew at every look. */
const LIVE = new Set(['/dev', '/proc'])

/**
 * The files of an interpreter as they are now, and a way back: what was added is removed.
 *
 * @param {object} FS Emscripten's file system
 * @returns {{ restore(): boolean }} false where something else was changed, so that the interpreter must be replaced
 */
export function filesAsTheyAre(FS) {
  const first = listed(FS, '/')
  const folder = FS.cwd()
  const streams = [...FS.streams]
  return {
    restore() {
      try {
        return putBack()
      } catch {
        return false // a folder that nobody may enter, for instance
      }
    },
  }

  function putBack() {
    FS.chdir(folder)
    for (let fd = streams.length; fd < FS.streams.length; fd++) if (FS.streams[fd]) FS.close(FS.streams[fd])
    const now = listed(FS, '/')
    for (const path of [...now.keys()].reverse()) {
      if (first.has(path)) continue
      if (FS.isDir(FS.lstat(path).mode)) FS.rmdir(path)
      else FS.unlink(path)
      now.delete(path)
    }
    const same = now.size === first.size && [...first].every(([path, state]) => now.get(path) === state)
    return same && streams.every((stream, fd) => FS.streams[fd] === stream)
  }
}

/** Every path, folders before what is in them, with what tells a change. */
function listed(FS, path, found = new Map()) {
  for (const name of FS.readdir(path)) {
    if (name === '.' || name === '..') continue
    const inner = path === '/' ? `/${name}` : `${path}/${name}`
    if (LIVE.has(inner)) continue
    const { mode, size, mtime, ino } = FS.lstat(inner)
    const folder = FS.isDir(mode)
    found.set(inner, folder ? `${ino} ${mode}` : `${ino} ${mode} ${size} ${mtime.getTime()} ${digest(FS, inner, mode)}`)
    if (folder) listed(FS, inner, found)
  }
  return found
}

/** A checksum of a file's bytes: times of change can be set back. */
function digest(FS, path, mode) {
  if (!FS.isFile(mode)) return ''
  const { contents, usedBytes } = FS.lookupPath(path).node
  if (!contents) return ''
  let sum = 0
  for (let i = 0; i < usedBytes; i++) sum = (Math.imul(sum, 31) + contents[i]) | 0
  return sum
}
