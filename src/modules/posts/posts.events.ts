import { z } from 'zod'
import { defineEvent } from '../../platform/queue/news.ts'

/** Name, address or role at a post are others now: whoever is to serve there was told otherwise. */
export const postChanged = defineEvent('post.changed', z.object({ postId: z.uuid() }))
