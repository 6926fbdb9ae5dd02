import { createDevice, deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { PosttrainError, shown } from '@posttrain/core'
import { createRecipe, pretrain, recipeNames, recipeSettings, type PretrainingSettings } from '@posttrain/recipes'
import { estimateTable, nats, renderTable } from '@posttrain/report'
import { SingleBar, Presets } from 'cli-progress'
import { Argument, Command, Option } from 'commander'
import { defaultOf } from '../default-of.js'
import { EXIT } from '../exit-status.js'
import { integer, positive } from '../option-parsers.js'
import { outputFile } from '../output-file.js'
import { OUTPUT_CLOSED, stopOnInterrupt } from '../stop-signal.js'
import { TimeLeft } from '../time-left.js'

interface PretrainCommandOptions {
  readonly out?: string | undefined
  readonly steps?: number | undefined
  readonly batch?: number | undefined
  readonly lr?: number | undefined
  readonly seed?: number | undefined
  readonly device: DeviceChoice
}

/** The recipes' own defaults. */
const byRecipe = (of: (settings: PretrainingSettings) => unknown): string =>
  defaultOf(recipeNames.map((name) => [name, of(recipeSettings[name]!.pretraining)]))

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
    .option('--steps <n>', `training steps (${byRecipe(({ steps }) => steps)})`, integer(1))
    .option('--batch <n>', `examples per step (${byRecipe(({ batchSize }) => batchSize)})`, integer(1))
    .option('--lr <rate>', `peak learning rate (${byRecipe(({ learningRate }) => learningRate)})`, positive)
    .option('--seed <n>', `seed of the weights and the examples (${byRecipe(({ seed }) => seed)})`, integer(0))
    .addOption(new Option('--device <name>', 'where to compute').choices(deviceChoices).default('auto'))
    .action(runPretraining)

async function runPretraining(name: string, options: PretrainCommandOptions): Promise<void> {
  const recipe = createRecipe(name)
  const { steps, batch: batchSize, lr: learningRate, seed } = options
  const given = Object.entries({ steps, batchSize, learningRate, seed }).filter(([, value]) => value !== undefined)
  const settings = { ...recipe.pretraining, ...Object.fromEntries(given) }
  const file = options.out ?? `${name}.safetensors`
  const signal = stopOnInterrupt('stopping; nothing is written')
  const writeCheckpoint = outputFile(file, '--out')
  const writeLog = outputFile(file.replace(/\.safetensors$/, '') + '.json', '--out')

  const { device } = await createDevice(options.device)
  const format = `${name} {bar} {value}/{total} · loss {loss} · {left}`
  const settingsOfBar = { format, stream: process.stderr, hideCursor: true, noTTYOutput: true, notTTYSchedule: 15_000 }
  const bar = new SingleBar(settingsOfBar, Presets.shades_classic)
  const time = new TimeLeft(0, Date.now())
  const left = (done: number): string => time.after(done, settings.steps, Date.now())
  bar.start(settings.steps, 0, { loss: '–', left: left(0) })
  const onStep = ({ step, loss }: { step: number; loss: number }): void =>
    bar.update(step + 1, { loss: loss.toFixed(3), left: left(step + 1) })
  try {
    const { checkpoint, log } = await pretrain({ recipe, device, settings, signal, onStep })
    bar.stop()
    writeCheckpoint(checkpoint)
    writeLog(JSON.stringify(log, null, 2) + '\n')
    const rows = [{ label: `${recipe.title}, validation tasks`, estimates: log.validation }]
    process.stdout.write(`\n${renderTable(estimateTable({ rowHeader: '', rows, units: { entropy: nats } }))}\n`)
    process.stdout.write(`wrote ${shown(file)} (${log.parameters} parameters) and its log\n`)
  } catch (error) {
    bar.stop()
    if (!(error instanceof PosttrainError && error.code === 'aborted')) throw error
    process.exitCode = signal.reason === OUTPUT_CLOSED ? EXIT.outputClosed : EXIT.stopped
  }
}
