import type { WantedColumn } from '../../platform/files/header-map.ts'

export const ITEM_COLUMNS = [
  { key: 'reference', headers: ['reference', 'number', '编号', '序号'] },
  { key: 'name', headers: ['name', '姓名', '名称'] },
  { key: 'phone', headers: ['phone', 'mobile', '电话', '手机', '手机号', '联系电话'] },
  { key: 'address', headers: ['address', '地址', '住址'] },
  { key: 'unitCode', headers: ['unit code', 'grid', 'grid code', '单位编码', '网格编码', '网格'] },
  { key: 'note', headers: ['note', 'remark', '备注'] },
] as const satisfies readonly WantedColumn[]

export const ITEMS_DESCRIPTION = `A CSV file (UTF-8, UTF-16 or GB 18030) of at most 20,000 rows whose first row names
the columns: ${ITEM_COLUMNS.map(({ headers }) => headers.join(' / ')).join('; ')}. Each row needs a name or an address; the
unit code is that of a unit below the campaign's, which is meant when it is empty. A row whose reference is known already
is left alone. Nothing is written unless \`mode=commit\` and no row is wrong.`
