import { allowConstants, openPipe, readAll } from './pipe.mjs'
import { conversationOn, serve } from './serve.mjs'

/** A process that runs programs of one language; the first line that it reads are its settings. */
const channel = openPipe()
const { language, snapshot: bytes, ...settings } = channel.receive()
allowConstants()
const conversation = conversationOn(channel)
const interpreter = language === 'python' ? await python() : await javascript()
serve(channel, interpreter)
process.exit()

async function python() {
  const { startPyodide } = await import('./pyodide.mjs')
  return startPyodide({ ...settings, snapshot: readAll(3, bytes) }, conversation)
}

async function javascript() {
  const { startQuickJS } = await import('./quickjs.mjs')
  return startQuickJS(settings, conversation)
}
