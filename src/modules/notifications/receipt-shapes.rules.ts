import type { z } from 'zod'
import { fieldAt, pathAndValue } from './json-paths.rules.ts'
import type { Receipt } from './notifications.schemas.ts'

/** How a vendor words the reports of its gateway; fields are named by their path, as in 'data.items'. */
export interface ReceiptShape {
  /** Where the list of reports stands; '' when the body is the list, or the one report. */
  list: string
  /** Fields that may hold our id of the message or the vendor's; the first that is there counts. */
  references: string[]
  /** 'field=value' of a message that has arrived; any other value says that it has not. */
  delivered: string
  /** Field with the reason why not. */
  error: string
}

const MOST = 500
const isText = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || typeof value === 'number'

/** What a gateway reports. undefined when that is not what came; reports that name no message are left out of a list. */
export function readReceipts(json: unknown, shape: ReceiptShape): z.output<typeof Receipt>[] | undefined {
  const found = fieldAt(json, shape.list)
  const reports: unknown[] = Array.isArray(found) ? found : [found]
  if (reports.length > MOST) return undefined
  const [field, wanted] = pathAndValue(shape.delivered)
  const receipts = reports.flatMap((report) => {
    const reference = shape.references.map((name) => fieldAt(report, name)).find(isText)
    const state = fieldAt(report, field)
    if (reference === undefined || state === undefined) return []
    const isDelivered = String(state) === wanted
    const error = fieldAt(report, shape.error)
    return {
      reference: String(reference).slice(0, 200),
      state: isDelivered ? ('delivered' as const) : ('failed' as const),
      error: !isDelivered && isText(error) ? String(error).slice(0, 300) : null,
    }
  })
  return receipts.length > 0 ? receipts : undefined
}
