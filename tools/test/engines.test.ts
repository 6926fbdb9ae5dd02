import { subset } from 'semver'
import { expect, it } from 'vitest'
import { installedWith } from '../installed.js'
import { commonManifest } from '../manifest.js'
import { packages } from '../workspace.js'

it('everything that comes with a package runs on every Node that the package names', () => {
  const installed = installedWith(packages.map(({ manifest }) => manifest.name))
  expect(installed.length).toBeGreaterThan(packages.length)
  const narrower = installed.filter(
    ({ manifest: { engines } }) => engines?.node && !subset(commonManifest.engines.node, engines.node),
  )
  expect(
    narrower.map(({ manifest }) => `${manifest.name}@${manifest.version} needs ${manifest.engines!.node!}`),
  ).toEqual([])
})
