import { workerData } from 'node:worker_threads'
import { openMailbox } from './mailbox.mjs'
import { startPyodide } from './pyodide.mjs'
import { conversationOn, serve } from './serve.mjs'

const channel = openMailbox(workerData)
serve(channel, await startPyodide(workerData, conversationOn(channel)))
