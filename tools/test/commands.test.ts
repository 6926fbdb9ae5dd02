import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createProgram } from 'posttrain'
import { describe, expect, it } from 'vitest'
import { blocksOf, documents } from '../documents.js'
import { packageNamed, packages, root } from '../workspace.js'

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
const program = await createProgram()
/** The command of some words: `serve rewards` is a command of a command. */
const commandOf = (words: readonly string[]): typeof program =>
  words.reduce((found, word) => found.commands.find((one) => one.name() === word) ?? found, program)
const optionsOf = (words: readonly string[]): string[] => {
  const found = commandOf(words)
  return [
    '--help',
    ...found.options.flatMap(({ long, short }) => [long, short].filter((name) => typeof name === 'string')),
  ]
}

/** What is wrong with a command line that a document shows; nothing if all that it names exists. */
function problems(line: string): string[] {
  const words = line.replace(/^([A-Z_]+=\S+ )+/, '').split(/\s+/) // without the variables that it sets
  const missing = words.filter(
    (word) => /^(packages|tools|examples|docs)\//.test(word) && !existsSync(join(root, word)),
  )
  const paths = missing.map((path) => `${path} does not exist`)
  const [tool, ...rest] = words[0] === 'npx' ? words.slice(1) : words
  if (tool === 'posttrain') return [...paths, ...problemsOfPosttrain(rest)]
  if (tool === 'npm') return [...paths, ...problemsOfNpm(rest)]
  // Programs of others that a test of their own runs as the document shows: packages/cli/test/ci-recipes.test.ts
  if (['inspect', 'lm_eval', 'promptfoo'].includes(tool!)) return paths
  const known = ['git', 'cd', 'node', 'nx', 'tsc', 'tsx', 'eslint', '.ci/run'].includes(tool!)
  return known ? paths : [...paths, `${tool!} is not a program that this test knows`]
}

function problemsOfPosttrain([command = '', ...words]: string[]): string[] {
  const known = /^-|^$/.test(command) || program.commands.some((one) => one.name() === command)
  if (!known) return [`posttrain has no command ${command}`]
  const given = [command, ...words].filter((word) => word.startsWith('-') && word !== '-')
  const options = optionsOf([command, ...words])
  return given.filter((word) => !options.includes(word)).map((word) => `${command} has no option ${word}`)
}

/** Whether it is a package that users install beside ours, at a version or not. */
const isPeer = (word: string): boolean =>
  packages.some(({ manifest }) => Object.keys(manifest.peerDependencies ?? {}).includes(word.replace(/@[\d.]+$/, '')))

function problemsOfNpm([command = '', ...words]: string[]): string[] {
  if (['ci', 'pack', 'publish'].includes(command)) return []
  if (command === 'install') {
    const strange = words.filter((word) => !word.startsWith('-') && !packageNamed(word) && !isPeer(word))
    return strange.map((word) => `${word} is not a package of ours or one that a README asks for`)
  }
  const script = command === 'run' ? words[0]! : command
  return script in scripts ? [] : [`package.json has no script ${script}`]
}

/** The command lines of a document: those of its shell blocks, of steps of workflows, and those in its sentences. */
function commandsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const shell = blocksOf(text).filter(({ language }) => language === 'sh')
  const workflows = blocksOf(text).filter(({ language }) => language === 'yaml')
  const steps = workflows.flatMap(({ code }) => [...code.matchAll(/\brun: (.+)/g)].map(([, line]) => line!))
  const lines = shell.flatMap(({ code }) => code.split('\n').flatMap((line) => line.replace(/#.*/, '').split('&&')))
  const spans = [...text.matchAll(/`((?:posttrain|npx|npm|node) [^`]+)`/g)].map(([, span]) => span!)
  return [...lines, ...steps, ...spans].map((line) => line.trim()).filter((line) => line !== '')
}

describe('the commands that a document shows', () => {
  it.each(documents.map((file) => [file, commandsOf(file)] as const).filter(([, commands]) => commands.length > 0))(
    '%s',
    (_, commands) => {
      expect(Object.fromEntries(commands.map((line) => [line, problems(line)]).filter(([, of]) => of!.length))).toEqual(
        {},
      )
    },
  )

  it.each([
    ['npx posttrain run --stepz 3', ['run has no option --stepz']],
    ['posttrain train', ['posttrain has no command train']],
    ['npm run buidl', ['package.json has no script buidl']],
    ['npm install @posttrain/kll', ['@posttrain/kll is not a package of ours or one that a README asks for']],
    ['npx tsc -p packages/kll', ['packages/kll does not exist']],
    ['yarn add x', ['yarn is not a program that this test knows']],
  ])('would be refused: %s', (line, found) => {
    expect(problems(line)).toEqual(found)
  })

  it('have the options that the table of commands and its text name', () => {
    const named = readFileSync(join(root, 'packages/cli/README.md'), 'utf8')
      .split('\n')
      .flatMap((line) => {
        const command = /`posttrain ([\w-]+(?: [\w-]+)?)/.exec(line)?.[1]
        const commands = command ? [command.split(' ')] : program.commands.map((one) => [one.name()])
        return [...line.matchAll(/`(--[\w-]+)/g)].map(([, option]) => ({ option: option!, commands }))
      })
    expect(named.length).toBeGreaterThan(6)
    expect(named.filter(({ option, commands }) => !commands.some((one) => optionsOf(one).includes(option)))).toEqual([])
  })
})
