import type { Tongue } from '../../time/words.ts'
import type { OfferStanding } from './gap-filling.rules.ts'

interface Texts {
  other: string
  title: string
  hello: string
  ask: string
  where: string
  role: string
  phone: string
  zone: string
  accept: string
  decline: string
  withdraw: string
  free: string
  choose: string
  standings: Record<OfferStanding, string>
}

/** Words of the page in one language; '{…}' is filled in. */
export const TEXTS: Record<Tongue, Texts> = {
  zh: {
    other: 'English',
    title: '您能来值班吗？',
    hello: '{name}，您好。{unit}',
    ask: '先到先得，请在{expiresAt}前答复。',
    where: '地点',
    role: '角色',
    phone: '岗位电话',
    zone: '时间按{zone}',
    accept: '我来值班',
    decline: '不能来',
    withdraw: '我来不了了',
    free: '不能来无需说明理由，也不会有任何影响。',
    choose: '请使用页面上的按钮答复。',
    standings: {
      open: '等待您的答复',
      yours: '✓ 这次值班由您承担，谢谢您',
      yoursForGood: '✓ 这次值班由您承担。如有变化，请联系组织者',
      'given-back': '您已退出这次值班，谢谢告知',
      declined: '已记下您不能来，谢谢告知',
      expired: '答复时间已过，谢谢您',
      filled: '已有人接下，谢谢您',
      closed: '这次值班不再需要候补，谢谢您',
    },
  },
  en: {
    other: '中文',
    title: 'Can you stand this duty?',
    hello: 'Hello {name}. {unit}',
    ask: 'First come, first served. Please answer by {expiresAt}.',
    where: 'Where',
    role: 'Role',
    phone: 'Phone at the post',
    zone: 'Times are those of {zone}',
    accept: 'I will come',
    decline: "I can't come",
    withdraw: 'I cannot come after all',
    free: 'You need not give a reason, and declining costs nothing.',
    choose: 'Please answer with the buttons on this page.',
    standings: {
      open: 'Waiting for your answer',
      yours: '✓ This duty is yours, thank you',
      yoursForGood: '✓ This duty is yours. If something comes up, please tell the organizer',
      'given-back': 'You have withdrawn from this duty, thank you for telling us',
      declined: 'Noted that you cannot come, thank you for telling us',
      expired: 'The time to answer is over, thank you',
      filled: 'Already filled, thank you',
      closed: 'Cover for this duty is no longer needed, thank you',
    },
  },
}

/** Why people of an echelon are not asked, in Chinese; names of rules stay as they are. */
const REASONS_ZH: Record<string, string> = {
  empty: '无成员',
  'all asked': '已全部询问',
  'nobody eligible': '无人符合条件',
  'busy elsewhere': '正被询问其他空缺',
  absent: '请假',
  'on duty then': '届时另有值班',
  'do not contact': '不接收消息',
  'not a member that day': '当日不在册',
  'gave this seat up': '曾退出此席位',
  grade: '职级不符',
  'person class': '人员类别不符',
  unit: '单位不符',
  qualification: '资质不符',
}

/** 'nobody eligible (absent 3)' in the reader's language. */
export const reasonInWords = (because: string, tongue: Tongue): string =>
  tongue === 'en' ? because : because.replace(/[a-z][a-z ]*[a-z]/g, (reason) => REASONS_ZH[reason] ?? reason)
