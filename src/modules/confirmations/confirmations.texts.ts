import type { Tongue } from '../../time/words.ts'
import type { AssignmentState } from '../rosters/rosters.states.ts'

/** How a duty stands on the page; the assignment's own state, but for two that depend on the seat and the time. */
export type Shown = AssignmentState | 'declinedAndTaken' | 'confirmedForGood'

interface Texts {
  other: string
  title: string
  hello: string
  ask: string
  nothingOpen: string
  answerBy: string
  where: string
  role: string
  phone: string
  zone: string
  confirm: string
  decline: string
  confirmAll: string
  declineAll: string
  changeToDecline: string
  takeBack: string
  reason: string
  reasons: Record<'sick' | 'work' | 'family' | 'other', string>
  free: string
  choose: string
  states: Record<Shown, string>
}

/** Words of the page in one language; '{…}' is filled in. */
export const TEXTS: Record<Tongue, Texts> = {
  zh: {
    other: 'English',
    title: '请确认您的值班',
    hello: '{name}，您好。{unit}',
    ask: '请在{confirmBy}前答复。',
    nothingOpen: '目前没有需要您答复的值班。',
    answerBy: '请答复于',
    where: '地点',
    role: '角色',
    phone: '岗位电话',
    zone: '时间按{zone}',
    confirm: '确认参加',
    decline: '不能参加',
    confirmAll: '全部确认',
    declineAll: '全部不能参加',
    changeToDecline: '改为不能参加',
    takeBack: '改为参加',
    reason: '原因（可不填）',
    reasons: { sick: '生病', work: '工作', family: '家庭', other: '其他' },
    free: '不能参加无需说明理由，也不会有任何影响。',
    choose: '请使用页面上的按钮答复。',
    states: {
      pending: '等待您的答复',
      confirmed: '✓ 已确认，谢谢您',
      confirmedForGood: '✓ 已确认。如有变化，请联系组织者',
      declined: '已记下您不能参加，谢谢告知，正在安排候补',
      declinedAndTaken: '已记下您不能参加，已有人接下，谢谢您',
      lapsed: '已转候补：在截止时间前未收到答复',
      withdrawn: '您已退出这次值班',
      cancelled: '这次值班已取消，您无需前来',
      replaced: '这次值班已由他人承担，您无需前来',
      serving: '您正在值班',
      completed: '值班已完成，谢谢您',
      no_show: '这次值班记为未到岗，如有疑问请联系组织者',
      excused: '已请假，无需前来',
    },
  },
  en: {
    other: '中文',
    title: 'Please confirm your duty',
    hello: 'Hello {name}. {unit}',
    ask: 'Please answer by {confirmBy}.',
    nothingOpen: 'There is nothing you need to answer now.',
    answerBy: 'Answer by',
    where: 'Where',
    role: 'Role',
    phone: 'Phone at the post',
    zone: 'Times are those of {zone}',
    confirm: 'Confirm',
    decline: "Can't make it",
    confirmAll: 'Confirm all',
    declineAll: "Can't make any",
    changeToDecline: "Change to: can't make it",
    takeBack: 'Change to: I will come',
    reason: 'Reason (optional)',
    reasons: { sick: 'Illness', work: 'Work', family: 'Family', other: 'Other' },
    free: 'You need not give a reason, and declining costs nothing.',
    choose: 'Please answer with the buttons on this page.',
    states: {
      pending: 'Waiting for your answer',
      confirmed: '✓ Confirmed, thank you',
      confirmedForGood: '✓ Confirmed. If something comes up, please tell the organizer',
      declined: 'Noted that you cannot come, thank you for telling us; we are finding cover',
      declinedAndTaken: 'Noted that you cannot come; somebody has taken it, thank you',
      lapsed: 'Passed to the reserve: no answer had come by the deadline',
      withdrawn: 'You have withdrawn from this duty',
      cancelled: 'This duty is cancelled, you need not come',
      replaced: 'Somebody else stands this duty, you need not come',
      serving: 'You are on duty',
      completed: 'Duty done, thank you',
      no_show: 'Recorded as not having come; please tell the organizer if that is wrong',
      excused: 'You are excused, you need not come',
    },
  },
}
