import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { audit } from '../../platform/audit/audit.ts'
import type { Actor } from '../../platform/auth/actor.ts'
import { covers } from '../../platform/auth/actor.ts'
import { assertCovers } from '../../platform/auth/authenticate.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { maskedDocument } from '../../platform/files/masking.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { findings } from '../../platform/http/problem.ts'
import { addLocalDays, localDay } from '../../time/zones.ts'
import { organisationRepository, type UnitRow } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { certificatePdf } from './certificates.document.ts'
import { certificateProblems } from './certificates.problems.ts'
import { type CertificateRow, certificatesRepository } from './certificates.repository.ts'
import { CODE_LENGTH, codeFrom, codeText, kindFor, numberText, readCode } from './certificates.rules.ts'
import type { CertificateList, NewCertificate, NoticeList } from './certificates.schemas.ts'
import { certificates } from './certificates.tables.ts'
import type { CertificateFacts, CertificateKind } from './certificates.types.ts'
import { certificateView, noticeView } from './certificates.views.ts'

export type Certificates = ReturnType<typeof createCertificates>

export interface CertificatesDeps extends Foundations {
  organisation: Organisation
  address: { readonly publicUrl: string }
}

/**
 * Papers about served time. Promises: what a paper says never changes after it was issued and equals what the ledger
 * summed up to then, anybody who holds it can check it, and a revoked one is told from a valid one.
 */
export function createCertificates({ db, clock, organisation, address }: CertificatesDeps) {
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

  interface Wanted {
    volunteerId: string
    from: string
    to: string
    kind?: CertificateKind | undefined
    issuerUnitId: string | undefined
    checkCode: string
    document: CertificateFacts['document']
  }

  /** All that stands on the paper, from what is booked now; names everything that speaks against it. */
  async function gather(tx: Tx, actor: Actor, { volunteerId, from, to, checkCode, document, ...wanted }: Wanted) {
    const repo = certificatesRepository(tx)
    const seen = await repo.findVolunteer(volunteerId)
    assertCovers(actor, seen?.unitPath, () => certificateProblems.volunteerUnknown(volunteerId))
    await repo.lockVolunteer(volunteerId)
    const { volunteer } = seen!
    const issuer = await issuerOf(tx, actor, wanted.issuerUnitId ?? volunteer.unitId)
    const found = findings()
    const today = localDay(clock.now(), issuer.zone)
    if (to > addLocalDays(today, 1)) {
      found.add('/body/to', 'in-the-future', `Nothing is certified beyond today, which is ${today} at the issuer.`)
    }
    const kind = wanted.kind ?? kindFor(volunteer.personClass)
    const period = { volunteerId, kind, fromOn: from, toOn: to }
    const posts = await repo.servedAtPosts(issuer.path, period)
    if (posts.length === 0) {
      found.add('/body/from', 'nothing-served', `No hours of this kind are booked from ${from} to ${to}.`)
    }
    found.throwIfAny()
    const facts: CertificateFacts = {
      name: volunteer.displayName,
      personNumber: volunteer.personNumber,
      document: document ?? null,
      issuer: issuer.name,
      inCharge: await inChargeOf(tx, issuer),
      minutes: posts.reduce((sum, post) => sum + post.minutes, 0),
      duties: posts.reduce((sum, post) => sum + post.duties, 0),
      posts,
      zone: issuer.zone,
      issuedOn: today,
      verifyUrl: `${address.publicUrl}/verify/${codeText(checkCode)}`,
    }
    const { publicNoticeDays } = await organisation.policyOf(issuer, tx)
    return { period, issuer, facts, today, noticeEndsOn: addLocalDays(today, publicNoticeDays) }
  }

  const view = (row: CertificateRow) => certificateView(row, clock.now())

  const auditOf = (action: string, row: CertificateRow) => ({
    action,
    subject: { type: 'certificate', id: row.id },
    unitId: row.unitId,
    facts: {
      number: numberText(row.year, row.serial),
      volunteerId: row.volunteerId,
      minutes: row.facts.minutes,
      noticeEndsOn: row.noticeEndsOn,
    },
  })

  return {
    /** Sums up what is booked now, freezes it, and gives it a number and a code; a draft can be looked at first. */
    async issue(actor: Actor, volunteerId: string, input: z.output<typeof NewCertificate>) {
      return db.transaction(async (tx) => {
        const repo = certificatesRepository(tx)
        const checkCode = codeFrom(randomBytes(CODE_LENGTH))
        const { issuerUnitId } = input
        const document = asPrinted(input.document)
        const gathered = await gather(tx, actor, { ...input, issuerUnitId, volunteerId, checkCode, document })
        const { period, issuer, facts, today, noticeEndsOn } = gathered
        const year = Number(today.slice(0, 4))
        const now = clock.now()
        const row = await repo.insert({
          ...period,
          id: newId(),
          unitId: issuer.id,
          year,
          serial: await repo.nextSerial(year),
          checkCode,
          lang: input.lang,
          facts,
          issuedAt: now,
          issuedBy: actor.id,
          draft: input.draft,
          noticeEndsOn: input.draft ? null : noticeEndsOn,
        })
        await audit(tx, actor, now, auditOf(input.draft ? 'certificate.drafted' : 'certificate.issued', row))
        return view(row)
      })
    },

    /** Issues a draft, with what is booked by now; its public notice begins. */
    async issueDraft(actor: Actor, id: string) {
      return db.transaction(async (tx) => {
        const { volunteerId, fromOn, toOn, kind, unitId, checkCode, facts: drafted } = await find(tx, actor, id)
        const { document } = drafted
        const wanted = { volunteerId, from: fromOn, to: toOn, kind, issuerUnitId: unitId, checkCode, document }
        const { facts, noticeEndsOn } = await gather(tx, actor, wanted)
        const now = clock.now()
        const fields = { facts, issuedAt: now, issuedBy: actor.id, noticeEndsOn }
        const row = await certificatesRepository(tx).issueDraft(id, fields)
        if (!row) throw certificateProblems.issuedAlready()
        await audit(tx, actor, now, { ...auditOf('certificate.issued', row), from: 'drafted', to: 'issued' })
        return view(row)
      })
    },

    /** What a unit and all below it show in public, with masked names. */
    async listNotices(actor: Actor, unitId: string, query: z.output<typeof NoticeList>) {
      const unit = await organisation.getUnit(actor, unitId)
      const page = keyset(query, { issuedAt: certificates.issuedAt }, certificates.id)
      const rows = await certificatesRepository(db).underNotice(unit.path, localDay(clock.now(), unit.zone), page)
      return toPage(query, rows, (row) => row.issuedAt, noticeView)
    },

    show: async (actor: Actor, id: string) => view(await find(db, actor, id)),

    async list(actor: Actor, volunteerId: string, query: z.output<typeof CertificateList>) {
      const repo = certificatesRepository(db)
      const seen = await repo.findVolunteer(volunteerId)
      assertCovers(actor, seen?.unitPath, () => certificateProblems.volunteerUnknown(volunteerId))
      const page = keyset(query, { issuedAt: certificates.issuedAt }, certificates.id)
      const rows = await repo.list(volunteerId, actor.unitPath, page)
      return toPage(query, rows, (row) => row.issuedAt, view)
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
        const to = 'revoked'
        await audit(tx, actor, now, { ...auditOf('certificate.revoked', row), to, reason })
        return view(row)
      })
    },

    /** What a code stands for, for anybody who has it; undefined when it stands for nothing. */
    async verify(typed: string): Promise<{ row: CertificateRow; now: Date } | undefined> {
      const code = readCode(typed)
      const row = code && (await certificatesRepository(db).findByCode(code))
      return row ? { row, now: clock.now() } : undefined
    },
  }
}

const asPrinted = (document: z.output<typeof NewCertificate>['document']): CertificateFacts['document'] =>
  document && {
    type: document.type,
    number: document.whole ? document.number : maskedDocument(document.number),
  }
