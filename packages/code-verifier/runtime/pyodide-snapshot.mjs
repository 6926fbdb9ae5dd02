import { parentPort, workerData } from 'node:worker_threads'
import { pyodideSnapshot } from './pyodide.mjs'

const snapshot = await pyodideSnapshot(workerData.folder)
const shared = new Uint8Array(new SharedArrayBuffer(snapshot.byteLength))
shared.set(snapshot)
parentPort.postMessage(shared)
