/** An item as a list gives it; empty texts are absent. */
export interface GivenItem {
  reference?: string | null | undefined
  name?: string | null | undefined
  phone?: string | null | undefined
  address?: string | null | undefined
  unitCode?: string | null | undefined
  unitId?: string | null | undefined
  note?: string | null | undefined
}

export interface ItemFault {
  field: string | null
  code: string
  detail: string
}

export interface ReadItem {
  reference: string | null
  name: string | null
  phone: string | null
  address: string | null
  note: string | null
  unitId: string
}

/** Units items may lie in. */
export interface ItemPlaces {
  /** The campaign's unit: meant where nothing is said. */
  home: string
  byCode: ReadonlyMap<string, string>
  ids: ReadonlySet<string>
}

const LENGTHS = { reference: 60, name: 200, phone: 40, address: 300, note: 500 } as const
const tidy = (text: string | null | undefined): string | null => text?.normalize('NFC').trim() || null
const PHONE = /^\+?[\d][\d\s-]{3,38}$/

/** One row as an item, or everything that is wrong with it. */
export function readItem(given: GivenItem, places: ItemPlaces): { item: ReadItem; faults: ItemFault[] } {
  const faults: ItemFault[] = []
  const fault = (field: string | null, code: string, detail: string) => faults.push({ field, code, detail })
  const item: ReadItem = {
    reference: tidy(given.reference),
    name: tidy(given.name),
    phone: tidy(given.phone)?.normalize('NFKC') ?? null,
    address: tidy(given.address),
    note: tidy(given.note),
    unitId: places.home,
  }
  for (const [field, most] of Object.entries(LENGTHS)) {
    const text = item[field as keyof typeof LENGTHS]
    if (text && text.length > most) fault(field, 'too-long', `has more than ${most} characters`)
  }
  if (!item.name && !item.address) fault(null, 'nobody-to-reach', 'An item needs a name or an address.')
  if (item.phone && !PHONE.test(item.phone)) fault('phone', 'phone-wrong', `is not a phone number: ${item.phone}`)
  const code = tidy(given.unitCode)
  if (code) {
    const unitId = places.byCode.get(code)
    if (unitId) item.unitId = unitId
    else fault('unitCode', 'unit-unknown', `There is no unit with the code ${code} in this campaign.`)
  } else if (given.unitId) {
    if (places.ids.has(given.unitId)) item.unitId = given.unitId
    else fault('unitId', 'unit-unknown', `There is no unit ${given.unitId} in this campaign.`)
  }
  return { item, faults }
}
