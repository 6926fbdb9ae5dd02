import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { createDevice, deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, PosttrainError } from '@posttrain/core'
import { createRecipe, pretrain, recipeNames } from '@posttrain/recipes'
import { estimateTable, nats, renderTable } from '@posttrain/report'
import { SingleBar, Presets } from 'cli-progress'
import { Argument, Command, Option } from 'commander'
import { EXIT } from '../exit-status.js'
import { integer, positive } from '../option-parsers.js'
import { stopOnInterrupt } from '../stop-signal.js'

interface PretrainCommandOptions {
  readonly out?: string | undefined
  readonly steps?: number | undefined
  readonly batch?: number | undefined
  readonly lr?: number | undefined
  readonly seed?: number | undefined
  readonly device: DeviceChoice
}

/** `posttrain pretrain`. */
export const pretrainCommand = (): Command =>
  new Command('pretrain')
    .summary('make the checkpoint that a run starts from')
    .description(
      'Trains a small transformer from random weights on training examples alone, measures it on validation tasks, and ' +
        'writes a safetensors checkpoint and, beside it, a log (.json). The defaults make the embedded checkpoint.',
    )
    .addArgument(new Argument('<recipe>', 'what to train on').choices(recipeNames))
    .option('--out <file>', 'checkpoint to write (default: <recipe>.safetensors)')
    .option('--steps <n>', 'training steps', integer(1))
    .option('--batch <n>', 'examples per step', integer(1))
    .option('--lr <rate>', 'peak learning rate', positive)
    .option('--seed <n>', 'seed of the weights and the examples', integer(0))
    .addOption(new Option('--device <name>', 'where to compute').choices(deviceChoices).default('auto'))
    .action(runPretraining)

async function runPretraining(name: string, options: PretrainCommandOptions): Promise<void> {
  const recipe = createRecipe(name)
  const { steps, batch: batchSize, lr: learningRate, seed } = options
  const given = Object.entries({ steps, batchSize, learningRate, seed }).filter(([, value]) => value !== undefined)
  const settings = { ...recipe.pretraining, ...Object.fromEntries(given) }
  const file = options.out ?? `${name}.safetensors`
  const write = prepareFile(file)
  const signal = stopOnInterrupt('stopping; nothing is written')

  const { device } = await createDevice(options.device)
  const format = `${name} {bar} {value}/{total} · loss {loss} · {eta_formatted} left`
  const settingsOfBar = { format, stream: process.stderr, hideCursor: true, noTTYOutput: true, notTTYSchedule: 15_000 }
  const bar = new SingleBar(settingsOfBar, Presets.shades_classic)
  bar.start(settings.steps, 0, { loss: '–' })
  const onStep = ({ step, loss }: { step: number; loss: number }): void =>
    bar.update(step + 1, { loss: loss.toFixed(3) })
  try {
    const { checkpoint, log } = await pretrain({ recipe, device, settings, signal, onStep })
    bar.stop()
    write(checkpoint, JSON.stringify(log, null, 2) + '\n')
    const rows = [{ label: `${recipe.title}, validation tasks`, estimates: log.validation }]
    process.stdout.write(`\n${renderTable(estimateTable({ rowHeader: '', rows, units: { entropy: nats } }))}\n`)
    process.stdout.write(`wrote ${file} (${log.parameters} parameters) and its log\n`)
  } catch (error) {
    bar.stop()
    if (!(error instanceof PosttrainError && error.code === 'aborted')) throw error
    process.exitCode = EXIT.stopped
  }
}

/** Makes sure that a file can be written before work begins. @returns how to write it with its log, or not at all */
function prepareFile(file: string): (content: Uint8Array, log: string) => void {
  const partial = `${file}.partial`
  try {
    writeFileSync(partial, '')
    rmSync(partial)
  } catch (error) {
    throw invalidArgument(`cannot write ${file}: ${(error as Error).message}`, 'choose another --out')
  }
  return (content, log) => {
    writeFileSync(partial, content)
    renameSync(partial, file)
    writeFileSync(file.replace(/\.safetensors$/, '') + '.json', log)
  }
}
