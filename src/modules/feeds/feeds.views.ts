import type { FeedRow } from './feeds.repository.ts'

export const feedView = (feed: FeedRow) => ({
  id: feed.id,
  volunteerId: feed.volunteerId,
  postId: feed.postId,
  createdAt: feed.createdAt.toISOString(),
  revokedAt: feed.revokedAt?.toISOString() ?? null,
  lastReadAt: feed.lastReadAt?.toISOString() ?? null,
})
