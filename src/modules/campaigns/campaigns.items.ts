import { eq } from 'drizzle-orm'
import type { z } from 'zod'
import type { Actor } from '../../platform/auth/actor.ts'
import type { Foundations } from '../../platform/context.ts'
import type { Handle, Tx } from '../../platform/db/client.ts'
import { newId } from '../../platform/db/ids.ts'
import { readCsv } from '../../platform/files/csv-read.ts'
import { UnreadableFileError } from '../../platform/files/problems.ts'
import { keyset, toPage } from '../../platform/http/page.ts'
import { type FieldError, invalid, ProblemError } from '../../platform/http/problem.ts'
import type { Occasion } from '../../platform/queue/news.ts'
import { withinPath } from '../organisation/organisation.repository.ts'
import type { Organisation } from '../organisation/organisation.service.ts'
import { ITEM_COLUMNS } from './campaigns.columns.ts'
import { auditCampaign, type CampaignFacts, getCampaign, lockCampaign } from './campaigns.desk.ts'
import { type GivenItem, type ItemFault, type ItemPlaces, type ReadItem, readItem } from './campaigns.items.rules.ts'
import { campaignsRepository } from './campaigns.repository.ts'
import type { ItemImportQuery, ItemImportReport, ItemList, NewItems } from './campaigns.schemas.ts'
import { campaignItems } from './campaigns.tables.ts'
import { itemView } from './campaigns.views.ts'

const LIMITS = { bytes: 10 * 1024 * 1024, rows: 20_000, cellLength: 1_000 }
const FAULTS_TOLD = 1_000
const OPEN_STATES = ['preparing', 'running'] as const

type RowFault = ItemFault & { row: number }

/** A list of items as it was read; rows count from `first`. */
interface Reading {
  items: ReadItem[]
  faults: RowFault[]
  rows: number
}

function collect(rows: { row: number; given: GivenItem }[], places: ItemPlaces): Reading {
  const reading: Reading = { items: [], faults: [], rows: rows.length }
  const rowOf = new Map<string, number>()
  for (const { row, given } of rows) {
    const { item, faults } = readItem(given, places)
    const twin = item.reference === null ? undefined : rowOf.get(item.reference)
    if (twin !== undefined) {
      faults.push({ field: 'reference', code: 'reference-twice', detail: `Row ${twin} has the same reference.` })
    } else if (item.reference !== null) rowOf.set(item.reference, row)
    if (faults.length === 0) reading.items.push(item)
    else reading.faults.push(...faults.map((fault) => ({ ...fault, row })))
  }
  return reading
}

/** Lists of people and places: brought in whole or not at all, every wrong row named. */
export function createItems({ db, clock, organisation }: Foundations & { organisation: Organisation }) {
  async function placesOf(handle: Handle, { campaign, unitPath }: CampaignFacts): Promise<ItemPlaces> {
    const rows = await campaignsRepository(handle).unitsBelow(unitPath)
    return {
      home: campaign.unitId,
      byCode: new Map(rows.flatMap(({ id, code }): [string, string][] => (code ? [[code, id]] : []))),
      ids: new Set(rows.map((row) => row.id)),
    }
  }

  async function isNew(handle: Handle, campaignId: string, items: ReadItem[]): Promise<ReadItem[]> {
    const references = items.flatMap((item) => (item.reference ? [item.reference] : []))
    const known = await campaignsRepository(handle).knownReferences(campaignId, references)
    return items.filter((item) => item.reference === null || !known.has(item.reference))
  }

  async function write(occasion: Occasion, facts: CampaignFacts, items: ReadItem[]): Promise<void> {
    const { tx, now } = occasion
    const repository = campaignsRepository(tx)
    const campaignId = facts.campaign.id
    const before = await repository.countItems(campaignId)
    const rows = items.map((item, index) => ({
      ...item,
      id: newId(),
      campaignId,
      position: before + index + 1,
      createdAt: now,
    }))
    await repository.insertItems(rows)
    const entries = (await repository.roundsOf(campaignId)).flatMap((round) =>
      rows.map((item) => ({ id: newId(), campaignId, itemId: item.id, roundId: round.id, createdAt: now })),
    )
    await repository.insertEntries(entries)
    await auditCampaign(occasion, facts.campaign, 'items-added', { facts: { items: rows.length } })
  }

  return {
    async addItems(actor: Actor, id: string, { items: given }: z.output<typeof NewItems>) {
      return db.transaction(async (tx: Tx) => {
        const facts = await lockCampaign(tx, actor, id, OPEN_STATES)
        const rows = given.map((item, row) => ({ row, given: item }))
        const { items, faults } = collect(rows, await placesOf(tx, facts))
        if (faults.length > 0) {
          const pointer = ({ row, field }: RowFault) => `/body/items/${row}${field ? `/${field}` : ''}`
          throw invalid(faults.map((fault): FieldError => ({ pointer: pointer(fault), ...fault })))
        }
        const fresh = await isNew(tx, id, items)
        if (fresh.length > 0) await write({ tx, actor, now: clock.now() }, facts, fresh)
        return { added: fresh.length, unchanged: items.length - fresh.length }
      })
    },

    /** Reads a file of items and, when `mode` is commit and nothing is wrong, writes all of it at once. */
    async importItems(
      actor: Actor,
      id: string,
      { mode }: z.output<typeof ItemImportQuery>,
      upload: AsyncIterable<Uint8Array>,
    ): Promise<z.output<typeof ItemImportReport>> {
      const seen = await getCampaign(db, actor, id)
      const rows: { row: number; given: GivenItem }[] = []
      const broken: RowFault[] = []
      try {
        const file = await readCsv(upload, ITEM_COLUMNS, LIMITS)
        for (const field of file.unknownHeaders) {
          broken.push({
            row: 1,
            field,
            code: 'column-unknown',
            detail: 'This column is not known here. Maybe leave it out.',
          })
        }
        for await (const record of file.records) {
          if ('problem' in record) {
            broken.push({ row: record.row, field: null, code: record.problem, detail: record.message })
          } else rows.push({ row: record.row, given: record.values })
        }
      } catch (error) {
        if (!(error instanceof UnreadableFileError)) throw error
        throw new ProblemError(error.code === 'file-too-large' ? 413 : 422, error.code, error.message)
      }
      const { items, faults: own } = collect(rows, await placesOf(db, seen))
      const faults = [...broken, ...own]
      const committed = mode === 'commit' && faults.length === 0
      const fresh = committed
        ? await db.transaction(async (tx) => {
            const facts = await lockCampaign(tx, actor, id, OPEN_STATES)
            const added = await isNew(tx, id, items)
            if (added.length > 0) await write({ tx, actor, now: clock.now() }, facts, added)
            return added
          })
        : await isNew(db, id, items)
      return {
        mode,
        committed,
        counts: {
          rows: rows.length,
          added: fresh.length,
          unchanged: items.length - fresh.length,
          wrong: new Set(faults.map((fault) => fault.row)).size,
        },
        errors: faults
          .slice(0, FAULTS_TOLD)
          .map(({ row, field, code, detail }) => ({ row, column: field, code, detail })),
        errorsTotal: faults.length,
      }
    },

    /** Items with how they stand in each round; phones are masked. */
    async listItems(actor: Actor, id: string, query: z.output<typeof ItemList>) {
      await getCampaign(db, actor, id)
      const under = query.unitId ? await organisation.getUnit(actor, query.unitId) : undefined
      const repository = campaignsRepository(db)
      const rows = await repository.listItems(
        [
          eq(campaignItems.campaignId, id),
          under && withinPath(under.path),
          query.volunteerId ? repository.heldBy(query.volunteerId) : undefined,
        ],
        keyset(query, { position: campaignItems.position }, campaignItems.id),
      )
      const ids = rows.map(({ item }) => item.id)
      const entries = Map.groupBy(await repository.entriesOfItems(ids), ({ entry }) => entry.itemId)
      return toPage(
        query,
        rows.map((row) => ({ ...row, id: row.item.id })),
        ({ item }) => item.position,
        ({ item, unitName }) => itemView(item, unitName, entries.get(item.id) ?? []),
      )
    },
  }
}
