import { readFileSync } from 'node:fs'
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core'
import variant from '@jitl/quickjs-wasmfile-release-sync'
import { boundedOutput } from './output.mjs'

/** Bytes of stack. With more, deep recursion overflows that of the machine, which nothing survives. */
const STACK = 256 * 1024
const SOURCES = ['peer', 'program', 'suite']

/**
 * A JavaScript interpreter that makes a fresh runtime for each run.
 *
 * @param {object} settings
 * @param {string} settings.sources folder of our JavaScript files
 * @param {number} settings.memory bytes of a runtime
 * @param {number} settings.output bytes that a run may write
 * @param {object} channel
 * @param {(text: string) => string} channel.exchange says a text and waits for the next one
 * @param {(said: object) => never} channel.die says why the interpreter cannot go on, and never returns
 */
export async function startQuickJS({ sources, memory, output }, { exchange, die }) {
  const quickjs = await newQuickJSWASMModuleFromVariant(variant)
  const files = SOURCES.map((name) => readFileSync(`${sources}/${name}.js`, 'utf8')).join('\n')
  const roles = `(() => {${files}\nreturn { program: serveProgram, suite: serveSuite, main: runMain } })()`
  const streams = boundedOutput(output, die)

  const run = (text) => {
    const { role, stdin = '' } = JSON.parse(text)
    streams.reset(stdin)
    const runtime = quickjs.newRuntime({ memoryLimitBytes: memory, maxStackSizeBytes: STACK })
    const context = runtime.newContext()
    const settle = () => {
      const jobs = runtime.executePendingJobs()
      if (jobs.error) jobs.error.dispose()
    }
    const host = context.newObject()
    const give = (name, call) => context.newFunction(name, call).consume((made) => context.setProp(host, name, made))
    give('exchange', (asked) => context.newString(exchange(context.getString(asked))))
    give('evaluate', (code) => context.evalCode(context.getString(code), 'solution.js', { type: 'global' }))
    give('settle', () => settle())
    const lineTo = (write) => (line) => void write(new TextEncoder().encode(`${context.getString(line)}\n`))
    give('print', lineTo(streams.write))
    give('complain', lineTo(streams.complain))
    give('read', () => context.newString(stdin))
    const serve = context
      .unwrapResult(context.evalCode(roles, 'harness.js'))
      .consume((all) => context.getProp(all, role))
    const given = context.newString(text)
    const result = context.callFunction(serve, context.undefined, given, host)
    const said = context.unwrapResult(result).consume((value) => context.getString(value))
    for (const handle of [given, serve, host]) handle.dispose()
    context.dispose()
    runtime.dispose()
    return { text: said, ...streams.written() }
  }
  return {
    run(text) {
      try {
        return run(text)
      } catch (error) {
        const message = String(error?.message ?? error).slice(0, 300)
        return die({
          kind: 'died',
          cause: /out of memory/.test(message) ? 'memory' : 'error',
          message,
          ...streams.written(),
        })
      }
    },
    restore: () => true,
  }
}
