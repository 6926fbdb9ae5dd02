import { guardCommand, guardOutput, tell } from './output.js'
import { createProgram } from './program.js'

guardOutput()
// What is thrown where nobody waits for it, by a stream or a timer, ends the command as any other error does.
process.on('uncaughtException', (error) => process.exit(tell(error)))

try {
  const program = await createProgram(process.argv[2])
  await guardCommand(program).parseAsync()
} catch (error) {
  process.exitCode = tell(error)
}
