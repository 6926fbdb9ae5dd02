export * from './store/sample-store.js'
