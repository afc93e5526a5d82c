import type { News } from './platform/queue/news.ts'
import type { Handler } from './platform/queue/runner.ts'
import type { Services } from './services.ts'

/** Table of contents of the night side, first half: who hears of what. Reactions share the transaction of the change. */
export function connectNews(_news: News, _services: Services): void {}

/** Second half: what is done without a request. */
export const allHandlers = (_services: Services): Handler[] => []
