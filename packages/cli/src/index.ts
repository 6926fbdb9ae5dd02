export { createProgram } from './program.js'
export { EXIT } from './exit-status.js'
