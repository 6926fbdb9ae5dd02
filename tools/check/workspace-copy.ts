import { cp, mkdir, mkdtemp, readdir, readlink, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { packages, root } from '../workspace.js'
import { run } from './consumer.js'

/** Copies the workspace as it stands, what git ignores left out, into a new folder; what is installed is linked. */
export async function copyWorkspace(purpose: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), `posttrain-${purpose}-`))
  const { code, output } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], root)
  if (code !== 0) throw new Error(`git cannot list the files of ${root}:\n${output}`)
  for (const file of output.split('\0').filter((name) => name !== '')) {
    // A file that was deleted and not yet committed is still listed.
    await cp(join(root, file), join(copy, file)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  }
  await linkModules(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const { folder, path } of packages) {
    await linkModules(join(path, 'node_modules'), join(copy, 'packages', folder, 'node_modules'))
  }
  return copy
}

/** Links what npm installed; its own links, to packages of the workspace, are relative and so point into the copy. */
async function linkModules(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true }).catch(() => [])) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    await mkdir(dirname(target), { recursive: true })
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (entry.name.startsWith('@')) await linkModules(source, target)
    else if (entry.name !== '.cache') await symlink(source, target)
  }
}
