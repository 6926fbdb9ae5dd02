// Lets a process and its worker threads run TypeScript sources; tsx's own --import entry serves the main thread alone.
import { register } from 'tsx/esm/api'

register()
