import { invalidData, systemCode } from '@posttrain/core'
import * as z from 'zod'
import type { FileSystem } from './file-system.js'
import { namedFileSchema, readNamed, RESTORE, type NamedFile } from './named-file.js'
import { writeWhole } from './whole-file.js'

/** Name of the manifest in its folder. */
export const MANIFEST = 'manifest.json'

/** The files of a finished folder. */
const schema: z.ZodType<{ readonly files: readonly NamedFile[] }> = z.strictObject({ files: z.array(namedFileSchema) })

/** Says, in one step, that a folder is finished and what is in it. The order of the files does not matter. */
export function writeManifest(fs: FileSystem, folder: string, files: readonly NamedFile[]): void {
  writeWhole(fs, `${folder}/${MANIFEST}`, new TextEncoder().encode(render(files)))
}

/** The same files have one text. */
function render(files: readonly NamedFile[]): string {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1))
  return JSON.stringify({ files: sorted }, null, 2) + '\n'
}

/**
 * The files of a finished folder, each compared with what it must be.
 *
 * @returns by name; undefined if there is no manifest
 * @throws PosttrainError `invalid-data`, naming the file, if one was changed, emptied or removed
 */
export function readManifest(fs: FileSystem, folder: string): ReadonlyMap<string, Uint8Array> | undefined {
  const path = `${folder}/${MANIFEST}`
  let content: Uint8Array
  try {
    content = fs.read(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const { files } = parse(content, path)
  return new Map(files.map((file) => [file.name, readNamed(fs, folder, file, MANIFEST)]))
}

function parse(content: Uint8Array, path: string): z.infer<typeof schema> {
  const text = new TextDecoder().decode(content)
  try {
    const manifest = schema.parse(JSON.parse(text))
    if (render(manifest.files) === text) return manifest
  } catch {
    // Not JSON, or no list of files.
  }
  throw invalidData(`${path} is damaged: it is not as it was written`, RESTORE)
}
