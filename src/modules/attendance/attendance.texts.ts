import type { FaultCode, LinkState } from './attendance.rules.ts'

export type Locale = 'zh' | 'en'

export interface Texts {
  title: string
  greeting(name: string): string
  at: string
  role: string
  phone: string
  checkIn: string
  checkOut: string
  other: string
  states: Record<LinkState, (facts: StateFacts) => string>
  faults: Partial<Record<FaultCode, string>>
  fault: string
}

/** Times in words, as the clock at the post shows them. */
export interface StateFacts {
  opens: string
  checkedIn: string
  checkedOut: string
  minutes: number
}

const zh: Texts = {
  title: '值班签到',
  greeting: (name) => `${name}，您好`,
  at: '地点',
  role: '角色',
  phone: '岗位电话',
  checkIn: '我已到岗 · 签到',
  checkOut: '我已离岗 · 签退',
  other: 'English',
  states: {
    early: ({ opens }) => `签到将于 ${opens} 开放。`,
    ready: () => '到岗后请点击下面的按钮签到。',
    present: ({ checkedIn }) => `您已于 ${checkedIn} 签到，正在值班。离岗时请签退。`,
    finished: ({ checkedIn, checkedOut, minutes }) =>
      `值班完成：${checkedIn} 至 ${checkedOut}，共 ${minutes} 分钟。感谢您的付出！`,
    unconfirmed: () => '这次值班尚未确认。请先通过确认链接作答。',
    noShow: () => '未在规定时间内签到，本次值班已记为缺岗，席位已转候补。如您已到岗，请联系组织者。',
    missed: () => '这次值班已经结束，无法再签到。如有疑问，请联系组织者。',
    released: () => '您已不再承担这次值班，无需签到。',
  },
  faults: {
    'on-duty-elsewhere': '您在另一岗位的值班尚未签退，请先在那里签退。',
    'too-long': '时间过长，可能忘记了签退。请联系组织者补录实际离岗时间。',
    'out-before-start': '值班尚未开始，暂不能签退。',
  },
  fault: '暂时无法办理，以下是当前状态。',
}

const en: Texts = {
  title: 'Check-in for your duty',
  greeting: (name) => `Hello ${name}`,
  at: 'Where',
  role: 'Role',
  phone: 'Phone at the post',
  checkIn: 'I am here · check in',
  checkOut: 'I am leaving · check out',
  other: '中文',
  states: {
    early: ({ opens }) => `Check-in opens at ${opens}.`,
    ready: () => 'When you are at the post, press the button.',
    present: ({ checkedIn }) => `You checked in at ${checkedIn} and are on duty. Please check out when you leave.`,
    finished: ({ checkedIn, checkedOut, minutes }) =>
      `Duty done: ${checkedIn} to ${checkedOut}, ${minutes} minutes. Thank you!`,
    unconfirmed: () => 'This duty is not confirmed yet. Please answer through your confirmation link first.',
    noShow: () =>
      'Nobody checked in in time, so this duty counts as a no-show and the seat has gone to the reserve. ' +
      'If you are at the post, please call the organizer.',
    missed: () => 'This duty is over; checking in is no longer possible. Please ask the organizer.',
    released: () => 'This duty is no longer yours; there is nothing to do.',
  },
  faults: {
    'on-duty-elsewhere': 'You have not checked out at another post yet. Please check out there first.',
    'too-long': 'That is too long; maybe the check-out was forgotten. Please tell the organizer when you really left.',
    'out-before-start': 'The duty has not begun yet, so you cannot check out.',
  },
  fault: 'That was not possible. This is how things stand.',
}

export const TEXTS: Record<Locale, Texts> = { zh, en }
