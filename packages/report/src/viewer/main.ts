import { tasksView } from './tasks-view.js'

document.querySelectorAll<HTMLElement>('.tasks').forEach(tasksView)
