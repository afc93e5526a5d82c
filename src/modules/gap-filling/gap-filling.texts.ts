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
