import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { ChangedPost, NewPost, Post, PostList, PostPage, PostPatch } from './posts.schemas.ts'
import type { Posts } from './posts.service.ts'
import { Shift, ShiftList, ShiftMove, ShiftPage } from './shift-templates.schemas.ts'

export const postsRoutes =
  (posts: Posts): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/posts',
      {
        schema: {
          tags: ['posts'],
          summary: 'List posts',
          operationId: 'listPosts',
          querystring: PostList,
          response: { 200: PostPage, ...problems },
        },
      },
      (request) => posts.listPosts(request.actor, request.query),
    )

    app.post(
      '/posts',
      {
        schema: {
          tags: ['posts'],
          summary: 'Make a post with its cover requirements',
          operationId: 'createPost',
          body: NewPost,
          response: { 201: Post, ...problems },
        },
      },
      async (request, reply) => {
        const post = await posts.createPost(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/posts/${post.id}`)
          .header('etag', etagOf(post.version))
          .send(post)
      },
    )

    app.get(
      '/posts/:id',
      {
        schema: {
          tags: ['posts'],
          summary: 'Read a post',
          operationId: 'getPost',
          params: IdParams,
          response: { 200: Post, ...problems },
        },
      },
      async (request, reply) => {
        const post = await posts.showPost(request.actor, request.params.id)
        return reply.header('etag', etagOf(post.version)).send(post)
      },
    )

    app.patch(
      '/posts/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags: ['posts'],
          summary: 'Change a post or its cover requirements (If-Match)',
          description:
            'Shifts that have not begun follow, held ones with their holders; those that cannot are named in `leftovers`.',
          operationId: 'updatePost',
          params: IdParams,
          body: PostPatch,
          response: { 200: ChangedPost, ...problems },
        },
      },
      async (request, reply) => {
        const post = await posts.updatePost(request.actor, request.params.id, requiredVersion(request), request.body)
        return reply.header('etag', etagOf(post.version)).send(post)
      },
    )

    app.delete(
      '/posts/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags: ['posts'],
          summary: 'Remove a post that never had a shift (If-Match)',
          operationId: 'deletePost',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await posts.deletePost(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/shifts',
      {
        schema: {
          tags: ['posts'],
          summary: 'List shifts with their slots and who holds them',
          operationId: 'listShifts',
          querystring: ShiftList,
          response: { 200: ShiftPage, ...problems },
        },
      },
      (request) => posts.listShifts(request.actor, request.query),
    )

    app.post(
      action('/shifts', 'move'),
      {
        schema: {
          tags: ['posts'],
          summary: 'Move a shift that has not begun to another time or post, with whoever holds it',
          description:
            'Holders keep their seats, are told what it was and what it is, and answer anew. When a hard rule forbids it to one of them, or the post has no place for a seat, nothing changes, and each is named in `errors`.',
          operationId: 'moveShift',
          params: IdParams,
          body: ShiftMove,
          response: { 200: Shift, ...problems },
        },
      },
      (request) => posts.moveShift(request.actor, request.params.id, request.body),
    )
  }
