import { invalidData, shown } from '@posttrain/core'
import { parseDocument } from '../containers/json-document.js'
import type { Stored } from '../containers/stored.js'
import { withZipArchive, type ZipArchive } from '../containers/zip-archive.js'

/** What is said of the whole evaluation: the last once it has ended, the first as soon as it begins. */
const HEADERS = ['header.json', '_journal/start.json']
const NAMED = 5

/**
 * Calls back with each sample of an archive that Inspect writes (`.eval`), as the log in JSON that holds this sample
 * alone, and with its number from 1. What is held in memory is one sample.
 *
 * @throws PosttrainError `invalid-data` for a damaged archive or another one
 */
export const forEachInspectSample = (
  stored: Stored,
  name: string,
  onLog: (log: Readonly<Record<string, unknown>>, number: number) => void,
): Promise<void> =>
  withZipArchive(stored, name, async (archive) => {
    const header = HEADERS.find((member) => archive.names.includes(member))
    if (header === undefined) throw another(archive, name)
    const said = await jsonOf(archive, header, name)
    let number = 0
    for (const member of archive.names) {
      if (!member.startsWith('samples/') || !member.endsWith('.json')) continue
      onLog({ ...said, samples: [await jsonOf(archive, member, name)] }, ++number)
    }
  })

async function jsonOf(archive: ZipArchive, member: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const where = `${name}, ${member}`
  const json = parseDocument(await archive.read(member), where)
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Record<string, unknown>
  throw invalidData(`${where}: this is not a JSON object`)
}

function another({ names }: ZipArchive, name: string): Error {
  const listed = names.slice(0, NAMED).map((member) => shown(member))
  const more = names.length > NAMED ? ' …' : ''
  return invalidData(
    `${name} is a zip archive of something else than an Inspect log (${listed.join(', ')}${more})`,
    'unpack it and name its files',
  )
}
