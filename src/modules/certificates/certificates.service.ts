import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import { organisationRepository, type UnitRow } from '../organisation/organisation.repository.ts'
import { certificatePdf } from './certificates.document.ts'
import { certificateProblems } from './certificates.problems.ts'
import { type CertificateRow, certificatesRepository } from './certificates.repository.ts'
import { CODE_LENGTH, codeFrom, codeText, kindFor, numberText, readCode } from './certificates.rules.ts'
import type { CertificateList, NewCertificate } from './certificates.schemas.ts'
import { certificates } from './certificates.tables.ts'
import type { CertificateFacts } from './certificates.types.ts'
import { certificateView } from './certificates.views.ts'

export type Certificates = ReturnType<typeof createCertificates>

export interface CertificatesDeps extends Foundations {
  address: { readonly publicUrl: string }
}

/**
 * Papers about served time. Promises: what a paper says never changes after it was issued and equals what the ledger
 * summed up to then, anybody who holds it can check it, and a revoked one is told from a valid one.
 */
export function createCertificates({ db, clock, address }: CertificatesDeps) {
  async function issuerOf(handle: Handle, actor: Actor, id: string): Promise<UnitRow> {
    const found = findings()
    const unit = await organisationRepository(handle).findUnit(id)
    if (!unit || !covers(actor, unit.path)) {
      found.add('/body/issuerUnitId', 'unit-unknown', `There is no unit ${id} that you may see.`)
    }
    found.throwIfAny()
    return unit!
  }

  async function inChargeOf(handle: Handle, unit: UnitRow): Promise<CertificateFacts['inCharge']> {
    const [first] = await organisationRepository(handle).responsiblesOf([unit.id])
    return first ? { name: first.name, title: first.title, contact: first.phone ?? first.email } : null
  }

  async function find(handle: Handle, actor: Actor, id: string): Promise<CertificateRow> {
    const found = await certificatesRepository(handle).find(id)
    assertCovers(actor, found?.unitPath, () => certificateProblems.certificateUnknown(id))
    return found!.certificate
  }

  return {
    /** Sums up what is booked now, freezes it, and gives it a number and a code. */
    async issue(actor: Actor, volunteerId: string, input: z.output<typeof NewCertificate>) {
      return db.transaction(async (tx) => {
        const repo = certificatesRepository(tx)
        const seen = await repo.findVolunteer(volunteerId)
        assertCovers(actor, seen?.unitPath, () => certificateProblems.volunteerUnknown(volunteerId))
        await repo.lockVolunteer(volunteerId)
        const { volunteer } = seen!
        const now = clock.now()
        const issuer = await issuerOf(tx, actor, input.issuerUnitId ?? volunteer.unitId)
        const found = findings()
        const today = localDay(now, issuer.zone)
        if (input.to > addLocalDays(today, 1)) {
          found.add('/body/to', 'in-the-future', `Nothing is certified beyond today, which is ${today} at the issuer.`)
        }
        const kind = input.kind ?? kindFor(volunteer.personClass)
        const period = { volunteerId, kind, fromOn: input.from, toOn: input.to }
        const posts = await repo.servedAtPosts(issuer.path, period)
        if (posts.length === 0) {
          found.add(
            '/body/from',
            'nothing-served',
            `No hours of this kind are booked from ${input.from} to ${input.to}.`,
          )
        }
        found.throwIfAny()
        const checkCode = codeFrom(randomBytes(CODE_LENGTH))
        const year = Number(today.slice(0, 4))
        const row = await repo.insert({
          ...period,
          id: newId(),
          unitId: issuer.id,
          year,
          serial: await repo.nextSerial(year),
          checkCode,
          lang: input.lang,
          facts: {
            name: volunteer.displayName,
            personNumber: volunteer.personNumber,
            issuer: issuer.name,
            inCharge: await inChargeOf(tx, issuer),
            minutes: posts.reduce((sum, post) => sum + post.minutes, 0),
            duties: posts.reduce((sum, post) => sum + post.duties, 0),
            posts,
            zone: issuer.zone,
            issuedOn: today,
            verifyUrl: `${address.publicUrl}/verify/${codeText(checkCode)}`,
          },
          issuedAt: now,
          issuedBy: actor.id,
        })
        await audit(tx, actor, now, {
          action: 'certificate.issued',
          subject: { type: 'certificate', id: row.id },
          unitId: row.unitId,
          facts: { number: numberText(row.year, row.serial), volunteerId, minutes: row.facts.minutes },
        })
        return certificateView(row)
      })
    },

    show: async (actor: Actor, id: string) => certificateView(await find(db, actor, id)),

    async list(actor: Actor, volunteerId: string, query: z.output<typeof CertificateList>) {
      const repo = certificatesRepository(db)
      const seen = await repo.findVolunteer(volunteerId)
      assertCovers(actor, seen?.unitPath, () => certificateProblems.volunteerUnknown(volunteerId))
      const page = keyset(query, { issuedAt: certificates.issuedAt }, certificates.id)
      const rows = await repo.list(volunteerId, actor.unitPath, page)
      return toPage(query, rows, (row) => row.issuedAt, certificateView)
    },

    /** The paper itself, the same bytes whenever it is asked for; a revoked one stays on file. */
    async openPdf(actor: Actor, id: string) {
      const row = await find(db, actor, id)
      return { body: certificatePdf(row), name: `certificate_${numberText(row.year, row.serial)}.pdf` }
    },

    async revoke(actor: Actor, id: string, reason: string) {
      return db.transaction(async (tx) => {
        await find(tx, actor, id)
        const now = clock.now()
        const row = await certificatesRepository(tx).revoke(id, { at: now, actorId: actor.id, reason })
        if (!row) throw certificateProblems.revokedAlready()
        await audit(tx, actor, now, {
          action: 'certificate.revoked',
          subject: { type: 'certificate', id },
          unitId: row.unitId,
          from: 'valid',
          to: 'revoked',
          reason,
        })
        return certificateView(row)
      })
    },

    /** What a code stands for, for anybody who has it; undefined when it stands for nothing. */
    async verify(typed: string): Promise<CertificateRow | undefined> {
      const code = readCode(typed)
      return code ? certificatesRepository(db).findByCode(code) : undefined
    },
  }
}
