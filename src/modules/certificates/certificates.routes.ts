import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { fileOf, IdParams, problems } from '../../platform/http/schemas.ts'
import {
  Certificate,
  CertificateList,
  CertificatePage,
  NewCertificate,
  NoticeList,
  NoticePage,
  RevokeCertificate,
} from './certificates.schemas.ts'
import type { Certificates } from './certificates.service.ts'

const tags = ['certificates']
const PDF = 'application/pdf'

export const certificatesRoutes =
  (certificates: Certificates): FastifyPluginAsyncZod =>
  async (app) => {
    app.post(
      '/volunteers/:id/certificates',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags,
          summary: 'Issue a certificate of served hours',
          description: 'Volunteers get a certificate of service, all others a statement of duty hours.',
          operationId: 'issueCertificate',
          params: IdParams,
          body: NewCertificate,
          response: { 201: Certificate, ...problems },
        },
      },
      async (request, reply) => {
        const issued = await certificates.issue(request.actor, request.params.id, request.body)
        return reply.code(201).header('location', `/v1/certificates/${issued.id}`).send(issued)
      },
    )

    app.get(
      '/volunteers/:id/certificates',
      {
        schema: {
          tags,
          summary: 'List the certificates of a person',
          operationId: 'listCertificates',
          params: IdParams,
          querystring: CertificateList,
          response: { 200: CertificatePage, ...problems },
        },
      },
      (request) => certificates.list(request.actor, request.params.id, request.query),
    )

    app.get(
      '/certificates/:id',
      {
        schema: {
          tags,
          summary: 'Read a certificate',
          operationId: 'getCertificate',
          params: IdParams,
          response: { 200: Certificate, ...problems },
        },
      },
      (request) => certificates.show(request.actor, request.params.id),
    )

    app.get(
      '/certificates/:id([^./]+).pdf',
      {
        schema: {
          tags,
          summary: 'Print a certificate, the same bytes every time',
          operationId: 'printCertificate',
          params: IdParams,
          response: { 200: fileOf('PDF, A4', PDF), ...problems },
        },
      },
      async (request, reply) => {
        const { body, name } = await certificates.openPdf(request.actor, request.params.id)
        return reply
          .type(PDF)
          .header('content-disposition', `attachment; filename="${name}"`)
          .send(body as never)
      },
    )

    app.post(
      action('/certificates', 'issue'),
      {
        schema: {
          tags,
          summary: 'Issue a draft, with what is booked by now',
          description: 'Its public notice begins, for as many days as the policy of the issuer says.',
          operationId: 'issueDraftedCertificate',
          params: IdParams,
          response: { 200: Certificate, ...problems },
        },
      },
      (request) => certificates.issueDraft(request.actor, request.params.id),
    )

    app.get(
      '/units/:id/certificate-notices',
      {
        schema: {
          tags,
          summary: 'List the certificates under public notice, with masked names',
          operationId: 'listCertificateNotices',
          params: IdParams,
          querystring: NoticeList,
          response: { 200: NoticePage, ...problems },
        },
      },
      (request) => certificates.listNotices(request.actor, request.params.id, request.query),
    )

    app.post(
      action('/certificates', 'revoke'),
      {
        schema: {
          tags,
          summary: 'Revoke a certificate; the page for checking says so from then on',
          operationId: 'revokeCertificate',
          params: IdParams,
          body: RevokeCertificate,
          response: { 200: Certificate, ...problems },
        },
      },
      (request) => certificates.revoke(request.actor, request.params.id, request.body.reason),
    )
  }
