import { describe, expect, test } from 'vitest'
import { othersFirst } from '../../../src/modules/notifications/notifications.rules.ts'
import { readReceipts } from '../../../src/modules/notifications/receipt-shapes.rules.ts'
import { readConfig } from '../../../src/platform/config/config.ts'

const shapeOf = (words?: string) =>
  readConfig({ SMS_RECEIPT_KEY: 'k'.repeat(32), ...(words ? { SMS_RECEIPT_SHAPE: words } : {}) }).smsReports!.shape

describe('reports of a gateway', () => {
  test('as Alibaba Cloud words them', () => {
    const reports = [
      { success: true, err_code: 'DELIVERED', biz_id: '932702304080415357^0', out_id: '1184585343' },
      { success: false, err_code: 'MK:100D', biz_id: '9' },
    ]
    expect(readReceipts(reports, shapeOf())).toEqual([
      { reference: '1184585343', state: 'delivered', error: null },
      { reference: '9', state: 'failed', error: 'MK:100D' },
    ])
  })

  test('as Tencent Cloud words them', () => {
    const shape = shapeOf('{"references":["sid"],"delivered":"report_status=SUCCESS","error":"errmsg"}')
    const report = { user_receive_time: '2026-05-04 10:00:00', mobile: '13800000001', errmsg: 'DELIVRD', sid: '2640:1' }
    expect(readReceipts([{ ...report, report_status: 'SUCCESS' }], shape)).toEqual([
      { reference: '2640:1', state: 'delivered', error: null },
    ])
    expect(readReceipts([{ ...report, report_status: 'FAIL' }], shape)).toMatchObject([
      { state: 'failed', error: 'DELIVRD' },
    ])
  })

  test('inside other things, one or many, with numbers for ids', () => {
    const shape = shapeOf('{"list":"data.items","references":["m.id"],"delivered":"m.code=0"}')
    const one = { m: { id: 12, code: 0 } }
    const expected = [{ reference: '12', state: 'delivered', error: null }]
    expect(readReceipts({ data: { items: [one, { m: { code: 0 } }, 'noise'] } }, shape)).toEqual(expected)
    expect(readReceipts({ data: { items: one } }, shape)).toEqual(expected)
  })

  test.each([null, undefined, 'text', 7, [], {}, [{ success: true }], Array(501).fill({ success: true, biz_id: 'a' })])(
    'are not read from %j',
    (body) => {
      expect(readReceipts(body, shapeOf())).toBeUndefined()
    },
  )

  test.each(['{', '[]', '{"delivered":"a=b"}', '{"references":["a"],"delivered":"a"}'])('%s is no shape', (words) => {
    expect(() => shapeOf(words)).toThrow('SMS_RECEIPT_SHAPE')
  })
})

test.each([['10.0.0.0/33'], ['somewhere'], ['1.2.3.4/'], ['::1/129'], ['1.2.3.4/8/8']])('%s is no network', (words) => {
  expect(() => readConfig({ SMS_RECEIPT_FROM: words })).toThrow('SMS_RECEIPT_FROM')
})

test('contact points that were not used for the matter come first, the used ones stay behind them', () => {
  const contacts = ['a', 'b', 'c'].map((address, position) => ({ channel: 'sms', address, position }))
  const order = (used: string[]) =>
    othersFirst(
      contacts,
      used.map((address) => ({ channel: 'sms', address })),
    ).map((one) => one.address)
  expect([order([]), order(['a']), order(['a', 'b', 'c']), order(['z'])]).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c', 'a'],
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ])
  expect(othersFirst(contacts, [{ channel: 'email', address: 'a' }])[0]).toMatchObject({ address: 'a', position: 0 })
})
