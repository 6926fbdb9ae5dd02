import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A file of a new folder, which goes after the tests. */
export function newFile(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'posttrain-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}
