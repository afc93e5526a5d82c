import type { CertificateFacts, CertificateKind, DocumentType, Language } from './certificates.types.ts'

/** What sentences are made of; dates and hours as they are printed. */
export interface Said {
  name: string
  from: string
  /** Last day that is in. */
  until: string
  hours: string
  duties: number
}

export interface Texts {
  language: string
  draft: string
  title: Record<CertificateKind, string>
  number: (number: string) => string
  sentence: Record<CertificateKind, (said: Said) => string>
  closing: string
  notes: string[]
  day: (day: string) => string
  facts: Record<
    | 'name'
    | 'documentType'
    | 'documentNumber'
    | 'personNumber'
    | 'period'
    | 'hours'
    | 'duties'
    | 'issuer'
    | 'inCharge'
    | 'contact'
    | 'issuedOn',
    string
  >
  documents: Record<DocumentType, string>
  inCharge: (person: NonNullable<CertificateFacts['inCharge']>) => string
  period: (from: string, until: string) => string
  hours: (hours: string) => string
  signatures: string[]
  seal: string
  code: (code: string) => string
  check: (url: string) => string
  list: string
  columns: Record<'post' | 'duties' | 'hours', string>
  page: (page: number, pages: number) => string
  missing: (codes: string) => string
  verify: {
    title: string
    valid: string
    notice: (lastDay: string) => string
    noticed: (lastDay: string) => string
    revoked: (day: string) => string
    compare: string
    number: string
    kind: string
    other: string
  }
}

const chineseDay = (day: string) => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

const zh: Texts = {
  language: 'zh-CN',
  draft: '（草稿）',
  title: { service: '志愿服务记录证明', duty: '值班时长证明' },
  number: (number) => `编号 ${number}`,
  sentence: {
    service: ({ name, from, until, hours, duties }) =>
      `兹证明${name}自${from}至${until}参加本单位组织的志愿服务${duties}次，服务时间累计${hours}小时。`,
    duty: ({ name, from, until, hours, duties }) =>
      `兹证明${name}自${from}至${until}在本单位值班${duties}次，值班时间累计${hours}小时。本证明不作为志愿服务时长的证明。`,
  },
  closing: '特此证明。',
  notes: ['须经负责人和经办人签字并加盖公章后有效。时长按实际到岗分钟合计，不含路途时间。'],
  day: chineseDay,
  facts: {
    name: '姓名',
    documentType: '证件类型',
    documentNumber: '证件号码',
    personNumber: '人员编号',
    period: '起止日期',
    hours: '累计时长',
    duties: '次数',
    issuer: '出具单位',
    inCharge: '负责人',
    contact: '联系方式',
    issuedOn: '出具日期',
  },
  documents: {
    'id-card': '居民身份证',
    passport: '护照',
    'hk-macao-permit': '港澳居民来往内地通行证',
    'taiwan-permit': '台湾居民来往大陆通行证',
    other: '其他',
  },
  inCharge: ({ name, title }) => (title ? `${name}（${title}）` : name),
  period: (from, until) => `${from}至${until}`,
  hours: (hours) => `${hours}小时`,
  signatures: ['负责人', '经办人', '日期'],
  seal: '（公章）',
  code: (code) => `校验码 ${code}`,
  check: (url) => `扫描二维码，或打开 ${url} 核验。`,
  list: '服务岗位',
  columns: { post: '岗位', duties: '次数', hours: '小时' },
  page: (page, pages) => `第${page}页，共${pages}页`,
  missing: (codes) => `缺字：${codes}`,
  verify: {
    title: '证明核验',
    valid: '该证明有效。',
    notice: (lastDay) => `公示中，公示至${lastDay}。`,
    noticed: (lastDay) => `已于${lastDay}公示期满。`,
    revoked: (day) => `该证明已于${day}撤销，不再有效。`,
    compare: '请与纸质证明上的内容逐项核对。',
    number: '编号',
    kind: '种类',
    other: 'English',
  },
}

const times = (duties: number) => (duties === 1 ? '1 duty' : `${duties} duties`)

const en: Texts = {
  language: 'en',
  draft: 'DRAFT ',
  title: { service: 'Certificate of Volunteer Service', duty: 'Statement of Duty Hours' },
  number: (number) => `No. ${number}`,
  sentence: {
    service: ({ name, from, until, hours, duties }) =>
      `This is to certify that ${name} served as a volunteer with us from ${from} to ${until}: ${times(duties)}, ${hours} hours in all.`,
    duty: ({ name, from, until, hours, duties }) =>
      `This is to state that ${name} was on duty with us from ${from} to ${until}: ${times(duties)}, ${hours} hours in all. These are not hours of volunteer service.`,
  },
  closing: '',
  notes: [
    'Valid when signed by the person in charge and the handler, and sealed. Hours are the sum of minutes actually served, without travel.',
  ],
  day: (day) => day,
  facts: {
    name: 'Name',
    documentType: 'Identity document',
    documentNumber: 'Its number',
    personNumber: 'Person number',
    period: 'Period',
    hours: 'Hours in all',
    duties: 'Duties',
    issuer: 'Issued by',
    inCharge: 'Person in charge',
    contact: 'Contact',
    issuedOn: 'Date of issue',
  },
  documents: {
    'id-card': 'Identity card (PRC)',
    passport: 'Passport',
    'hk-macao-permit': 'Mainland travel permit, Hong Kong and Macao residents',
    'taiwan-permit': 'Mainland travel permit, Taiwan residents',
    other: 'Other',
  },
  inCharge: ({ name, title }) => (title ? `${name}, ${title}` : name),
  period: (from, until) => `${from} to ${until}`,
  hours: (hours) => `${hours} h`,
  signatures: ['Person in charge', 'Handled by', 'Date'],
  seal: '(official seal)',
  code: (code) => `Check code ${code}`,
  check: (url) => `Scan the code or open ${url} to check this paper.`,
  list: 'Posts served at',
  columns: { post: 'Post', duties: 'Duties', hours: 'Hours' },
  page: (page, pages) => `page ${page} of ${pages}`,
  missing: (codes) => `Characters without a glyph: ${codes}`,
  verify: {
    title: 'Checking a certificate',
    valid: 'This certificate is valid.',
    notice: (lastDay) => `It is under public notice until ${lastDay}.`,
    noticed: (lastDay) => `Its public notice ended on ${lastDay}.`,
    revoked: (day) => `This certificate was revoked on ${day} and is no longer valid.`,
    compare: 'Please compare it with what the paper says.',
    number: 'Number',
    kind: 'Kind',
    other: '中文',
  },
}

export const TEXTS: Record<Language, Texts> = { zh, en }
