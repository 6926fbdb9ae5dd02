import { workerData } from 'node:worker_threads'
import { openMailbox } from './mailbox.mjs'
import { startQuickJS } from './quickjs.mjs'
import { conversationOn, serve } from './serve.mjs'

const channel = openMailbox(workerData)
serve(channel, await startQuickJS(workerData, conversationOn(channel)))
