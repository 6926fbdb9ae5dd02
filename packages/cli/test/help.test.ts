import { describe, expect, it } from 'vitest'
import { createProgram } from '../src/program.js'
import { posttrainHere } from './in-process.js'

/** The words of every command, those of commands of commands too. */
const commandsOf = ({ commands }: Awaited<ReturnType<typeof createProgram>>): string[][] =>
  commands.flatMap((one) => [[one.name()], ...commandsOf(one).map((words) => [one.name(), ...words])])

const everyCommand = [[], ...commandsOf(await createProgram())]

describe('--help', () => {
  it.each(everyCommand.map((words) => [words]))('of %j reads well', async (command) => {
    const { status, stdout } = await posttrainHere([...command, '--help'])
    expect(status).toBe(0)
    expect(stdout).toMatchSnapshot()
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })
})
