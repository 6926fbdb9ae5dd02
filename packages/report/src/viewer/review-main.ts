import { reviewView } from './review-view.js'

document.querySelectorAll<HTMLElement>('.review').forEach(reviewView)
