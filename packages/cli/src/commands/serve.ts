import { Command } from 'commander'
import { serveProcedureCommand } from './serve-procedure.js'
import { serveRewardsCommand } from './serve-rewards.js'

/** `posttrain serve`. */
export const serveCommand = (): Command =>
  new Command('serve')
    .summary('rewards for the trainers of others, or a procedure as an endpoint')
    .description('Serves what is here over HTTP.')
    .addCommand(serveRewardsCommand())
    .addCommand(serveProcedureCommand())
