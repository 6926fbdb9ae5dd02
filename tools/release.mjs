// npm run release -- --dry-run                                    what a release would be; changes nothing
// npm run release -- [--registry <address>] [--tag <dist-tag>]    makes it
// From the changesets: new versions and a CHANGELOG.md for each package, the lock file, a build from nothing, the checks
// of what is packed, one commit, then every package to the registry and a git tag for each. A release that broke off
// while publishing goes on when the command is run again. --unchecked takes the build that is there and leaves out the
// checks: for a tree that CI has passed.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** Runs a program with its output shown. */
const run = (program, args, env = {}) =>
  execFileSync(program, args, { stdio: 'inherit', env: { ...process.env, ...env } })
const outputOf = (program, args) => execFileSync(program, args, { encoding: 'utf8' }).trim()

function fail(message) {
  console.error(message)
  process.exit(1)
}

/** Packages with their versions, as `@posttrain/core@0.2.0`. */
const versions = () =>
  readdirSync('packages')
    .map((folder) => JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')))
    .map(({ name, version }) => `${name}@${version}`)

const changesets = () => readdirSync('.changeset').filter((file) => file.endsWith('.md') && file !== 'README.md')

const { values: options } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    registry: { type: 'string', default: 'https://registry.npmjs.org' },
    tag: { type: 'string', default: 'latest' },
    unchecked: { type: 'boolean', default: false },
  },
})

if (options['dry-run']) {
  run('npx', ['changeset', 'status', '--verbose'])
  if (!options.unchecked) run('npx', ['nx', 'run', 'tools:packed'])
  process.exit()
}

if (outputOf('git', ['status', '--porcelain']) !== '') {
  fail(
    'there are changes that are not committed: commit them (or undo them, if a release broke off before its commit), ' +
      'so that what is published is what the tags name',
  )
}

if (changesets().length > 0) {
  run('npx', ['changeset', 'version'])
  run('npm', ['install', '--package-lock-only', '--ignore-scripts', '--prefer-offline'])
}
if (options.unchecked) {
  run('npm', ['run', 'build'])
} else {
  // Nothing of a source that is gone, from an old build or from a cache, is to be published.
  for (const folder of readdirSync('packages')) rmSync(`packages/${folder}/dist`, { recursive: true, force: true })
  run('npm', ['run', 'build', '--', '--skip-nx-cache'])
  run('npx', ['nx', 'run', 'tools:packed'])
}
if (outputOf('git', ['status', '--porcelain']) !== '') {
  run('git', ['add', '--all', 'packages', '.changeset', 'package-lock.json'])
  run('git', ['commit', '--quiet', '--message', `Release ${versions()[0].replace(/.*@/, '')}`])
}
run('npx', ['changeset', 'publish', '--tag', options.tag], { npm_config_registry: options.registry })
console.log(`\npublished to ${options.registry}: ${versions().join(', ')}\nNow: git push --follow-tags`)
