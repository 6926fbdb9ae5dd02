import { machineFailed, shown, systemCode, systemReason } from '@posttrain/core'
import type { Command } from 'commander'
import { endingOf } from './ending.js'
import { EXIT } from './exit-status.js'

/** Says on standard error how the command ends. @returns the exit status */
export function tell(error: unknown): number {
  const { status, text } = endingOf(error)
  process.stderr.write(text)
  return status
}

/**
 * Lets standard output that nobody reads any more end the command in silence, and one that takes nothing with a
 * sentence. On standard error there is nobody left to be told.
 */
export function guardOutput(): void {
  process.stdout.once('error', (error) => {
    process.stdout.on('error', () => {}) // whatever is written after that fails too
    const failed = (): Error =>
      machineFailed(`cannot write to standard output: ${systemReason(error)}`, 'send it somewhere else', error)
    process.exitCode = systemCode(error) === 'EPIPE' ? EXIT.outputClosed : tell(failed())
  })
  process.stderr.on('error', () => {})
}

/** Makes what Commander says of wrong options visible and short, and a thrown error instead of an exit. */
export function guardCommand(command: Command): Command {
  command.exitOverride()
  command.configureOutput({
    outputError: (text, write) =>
      write(
        text
          .split('\n')
          .map((line) => shown(line, 500))
          .join('\n'),
      ),
  })
  command.commands.forEach(guardCommand)
  return command
}
