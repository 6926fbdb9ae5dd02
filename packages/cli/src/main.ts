import { PosttrainError } from '@posttrain/core'
import { CommanderError, type Command } from 'commander'
import { EXIT } from './exit-status.js'
import { createProgram } from './program.js'

/** Commander reports wrong options with status 1; here that is 2, on every subcommand. */
function throwInsteadOfExit(command: Command): Command {
  command.exitOverride()
  command.commands.forEach(throwInsteadOfExit)
  return command
}

try {
  await throwInsteadOfExit(createProgram()).parseAsync()
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.wrongInput
  } else if (error instanceof PosttrainError) {
    process.stderr.write(`error: ${error.message}\n${error.hint === undefined ? '' : `hint: ${error.hint}\n`}`)
    process.exitCode = EXIT.wrongInput
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    process.exitCode = EXIT.defect
  }
}
