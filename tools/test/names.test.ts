import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { namesFolder, publicNames } from '../names.js'

const names = publicNames()

describe.each([...names])('the public names of %s', (folder, actual) => {
  const file = join(namesFolder, `${folder}.txt`)

  it(`are those in tools/names/${folder}.txt: npm run names writes it anew`, () => {
    const pinned = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []
    const added = actual.filter((line) => !pinned.includes(line))
    const removed = pinned.filter((line) => !actual.includes(line))
    expect({ added, removed }).toEqual({ added: [], removed: [] })
    expect(actual).toEqual(pinned)
  })
})

it('every list is of a package', () => {
  expect(readdirSync(namesFolder).sort()).toEqual([...names.keys()].map((folder) => `${folder}.txt`).sort())
})

it('no name is exported by two packages', () => {
  const owners = new Map<string, string[]>()
  for (const [folder, lines] of names) {
    for (const line of lines) {
      const [name] = line.split(' ') as [string]
      owners.set(name, [...(owners.get(name) ?? []), folder])
    }
  }
  expect(Object.fromEntries([...owners].filter(([, folders]) => folders.length > 1))).toEqual({})
})

it('trainers exports fewer than 100 names', () => {
  expect(names.get('trainers')!.length).toBeLessThan(100)
})
