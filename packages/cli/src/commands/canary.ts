import { Command } from 'commander'
import { canaryReplayCommand } from './canary-replay.js'
import { canaryServeCommand } from './canary-serve.js'

/** `posttrain canary`. */
export const canaryCommand = (): Command =>
  new Command('canary')
    .summary('whether a procedure or model should replace another, and at what cost')
    .description('Compares two procedures, or one on two models, by a test that stays valid while one looks.')
    .addCommand(canaryReplayCommand())
    .addCommand(canaryServeCommand())
