import { basename, resolve } from 'node:path'
import { followRun, runState } from '@posttrain/recipes'
import { liveTable, renderLivePage, renderTable, type LiveState } from '@posttrain/report'
import { listen, liveServer } from '@posttrain/server'
import { Command } from 'commander'
import { integer } from '../option-parsers.js'
import { stopOnInterrupt } from '../stop-signal.js'

interface WatchOptions {
  readonly port: number
  readonly once?: boolean | undefined
}

const EXAMPLES = `
A run saves what it has every 25 steps, and the page shows it then. The page is for this machine alone and asks
nothing of any other. The run may be stopped and continued meanwhile; once it is finished, the command ends.

Examples:
  posttrain watch runs/game24-1              open the URL that it prints
  posttrain watch runs/game24-1 --once       how far it is, as a table

Exit status: 0 the run is finished or Ctrl-C was pressed, 2 a folder that is no run or damaged, or a port that is taken.`

/** `posttrain watch`. */
export const watchCommand = (): Command =>
  new Command('watch')
    .summary('a live view of a run while it goes on')
    .description(
      'Serves a page on this machine that draws the training of a run as it goes on, whichever process works on it, ' +
        'until the run is finished. It changes nothing in the folder.',
    )
    .argument('<run>', 'folder of the run')
    .option('--port <n>', 'the port; 0 takes one that is free', integer(0), 0)
    .option('--once', 'print how far the run is and end (default: serve the page)')
    .addHelpText('after', EXAMPLES)
    .action(watch)

async function watch(path: string, { port, once = false }: WatchOptions): Promise<void> {
  const state = runState(path)
  if (once || state.ended) {
    process.stdout.write(textOf(state))
    return
  }
  const signal = stopOnInterrupt('stopping; the run goes on')
  const page = renderLivePage({
    title: `The run ${basename(resolve(path))}`,
    subtitle: resolve(path),
    events: '/events',
    rowHeader: 'variant',
  })
  const { url, close } = await listen(liveServer({ page, events: (gone) => followRun(path, { signal: gone }) }), {
    port,
  })
  process.stdout.write(`${url}\n`)
  try {
    for await (const event of followRun(path, { signal })) {
      if (event.kind === 'status') process.stderr.write(`${event.status}\n`)
    }
  } finally {
    await close()
  }
}

const textOf = (state: LiveState): string => `\n${renderTable(liveTable(state, 'variant'))}\n\n${state.status}\n`
