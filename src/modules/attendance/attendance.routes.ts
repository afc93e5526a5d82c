import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { action } from '../../platform/http/routes.ts'
import { IdParams, problems } from '../../platform/http/schemas.ts'
import {
  ActivateEntry,
  Attendance,
  AttendanceGroup,
  AttendanceList,
  AttendancePage,
  BulkEntry,
  CheckInEntry,
  CheckOutEntry,
  Chosen,
  NoShowEntry,
} from './attendance.schemas.ts'
import type { Attendance as AttendanceService } from './attendance.service.ts'

export const attendanceRoutes =
  (attendance: AttendanceService): FastifyPluginAsyncZod =>
  async (app) => {
    app.get(
      '/attendances',
      {
        schema: {
          tags: ['attendance'],
          summary: 'List who is expected, on duty, done or missing',
          operationId: 'listAttendances',
          querystring: AttendanceList,
          response: { 200: AttendancePage, ...problems },
        },
      },
      (request) => attendance.list(request.actor, request.query),
    )

    app.post(
      action('/assignments', 'check-in'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Check a person in, now or at a past instant',
          operationId: 'checkIn',
          params: IdParams,
          body: CheckInEntry,
          response: { 200: Attendance, ...problems },
        },
      },
      (request) => attendance.checkIn(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/assignments', 'check-out'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Check a person out and book the hours, all active or in the parts that are stated',
          operationId: 'checkOut',
          params: IdParams,
          body: CheckOutEntry,
          response: { 200: Attendance, ...problems },
        },
      },
      (request) => attendance.checkOut(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/assignments', 'no-show'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Say that somebody did not come; opens a gap',
          operationId: 'markNoShow',
          params: IdParams,
          body: NoShowEntry,
          response: { 200: Attendance, ...problems },
        },
      },
      (request) => attendance.noShow(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/assignments', 'activate'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Call somebody on standby to the work: the standby segment ends, the active one begins',
          operationId: 'activate',
          params: IdParams,
          body: ActivateEntry,
          response: { 200: Attendance, ...problems },
        },
      },
      (request) => attendance.activate(request.actor, request.params.id, request.body),
    )

    app.post(
      action('/assignments', 'verify'),
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Vouch for a presence that is over',
          operationId: 'verifyAttendance',
          params: IdParams,
          response: { 200: Attendance, ...problems },
        },
      },
      (request) => attendance.verify(request.actor, request.params.id),
    )

    app.post(
      '/attendances::bulk-verify',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Vouch for the presences of a whole shift, or of those named',
          operationId: 'verifyMany',
          body: Chosen,
          response: { 200: AttendanceGroup, ...problems },
        },
      },
      (request) => attendance.verifyMany(request.actor, request.body),
    )

    app.post(
      '/attendances::bulk-check-in',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Check a whole crew in: all of them or, with everything wrong named, nobody',
          operationId: 'checkInMany',
          body: BulkEntry,
          response: { 200: AttendanceGroup, ...problems },
        },
      },
      (request) => attendance.checkInMany(request.actor, request.body),
    )

    app.post(
      '/attendances::bulk-check-out',
      {
        config: { idempotency: 'optional' },
        schema: {
          tags: ['attendance'],
          summary: 'Check a whole crew out and book their hours: all of them or nobody',
          operationId: 'checkOutMany',
          body: BulkEntry,
          response: { 200: AttendanceGroup, ...problems },
        },
      },
      (request) => attendance.checkOutMany(request.actor, request.body),
    )
  }
