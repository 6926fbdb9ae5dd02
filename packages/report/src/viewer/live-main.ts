import { liveView } from './live-view.js'

document.querySelectorAll<HTMLElement>('.live').forEach(liveView)
