import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { etagOf, requiredVersion } from '../../platform/http/etag.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import { EffectiveRules, NewRule, Rule, RuleList, RulePage, RulePatch } from './roster-rules.schemas.ts'
import type { RosterRules } from './roster-rules.service.ts'

const tags = ['rules']

export const rosterRulesRoutes =
  (rules: RosterRules): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/rules',
      {
        schema: {
          tags,
          summary: 'List the rules that units have stated',
          operationId: 'listRules',
          querystring: RuleList,
          response: { 200: RulePage, ...problems },
        },
      },
      (request) => rules.listRules(request.actor, request.query),
    )

    app.post(
      '/rules',
      {
        schema: {
          tags,
          summary: 'State a rule for a unit and all below it',
          description: 'One that speaks about the same thing as an inherited rule takes its place.',
          operationId: 'createRule',
          body: NewRule,
          response: { 201: Rule, ...problems },
        },
      },
      async (request, reply) => {
        const rule = await rules.createRule(request.actor, request.body)
        return reply
          .code(201)
          .header('location', `/v1/rules/${rule.id}`)
          .header('etag', etagOf(rule.version))
          .send(rule)
      },
    )

    app.get(
      '/rules/:id',
      {
        schema: {
          tags,
          summary: 'Read a rule',
          operationId: 'getRule',
          params: IdParams,
          response: { 200: Rule, ...problems },
        },
      },
      async (request, reply) => {
        const rule = await rules.showRule(request.actor, request.params.id)
        return reply.header('etag', etagOf(rule.version)).send(rule)
      },
    )

    app.patch(
      '/rules/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Change a rule (If-Match)',
          operationId: 'updateRule',
          params: IdParams,
          body: RulePatch,
          response: { 200: Rule, ...problems },
        },
      },
      async (request, reply) => {
        const rule = await rules.updateRule(request.actor, request.params.id, requiredVersion(request), request.body)
        return reply.header('etag', etagOf(rule.version)).send(rule)
      },
    )

    app.delete(
      '/rules/:id',
      {
        config: { ifMatch: true },
        schema: {
          tags,
          summary: 'Take a rule back (If-Match)',
          operationId: 'deleteRule',
          params: IdParams,
          response: { 204: z.null(), ...problems },
        },
      },
      async (request, reply) => {
        await rules.deleteRule(request.actor, request.params.id, requiredVersion(request))
        return reply.code(204).send(null)
      },
    )

    app.get(
      '/units/:id/rules',
      {
        schema: {
          tags,
          summary: 'Rules in force at a unit: its own, inherited ones and the defaults of the engine',
          operationId: 'listEffectiveRules',
          params: IdParams,
          response: { 200: EffectiveRules, ...problems },
        },
      },
      (request) => rules.showEffectiveRules(request.actor, request.params.id),
    )
  }
