import { catalogue } from '../../platform/texts/catalogue.ts'

/** What messages about attendance say; '{name}' is the reader, '{link}' the personal link. */
const zh = {
  checkInMissing: {
    subject: '您到岗了吗？',
    text: '{name}您好，您的值班已于{expected}开始，还没有看到您的签到：\n{duty}\n\n如已到岗，请在此签到；如来不了，请尽快告知组织者：\n{link}',
  },
  checkInMissingUnit: {
    subject: '有人尚未签到',
    text: '{name}您好，{person}的值班已于{expected}开始，至今没有签到，已提醒本人：\n{duty}\n\n请您了解情况：到岗的请补签到，来不了的请记为未到岗，以便安排候补。',
  },
  noShowQuestion: {
    subject: '请确认是否到岗',
    text: '{name}您好，{person}仍未签到，系统不会自行记为未到岗：\n{duty}\n\n请您决定：补签到，或记为未到岗（记后将寻找候补）。',
  },
  checkOutMissing: {
    subject: '您离岗了吗？',
    text: '{name}您好，您的值班已于{end}结束，还没有看到您的签退：\n{duty}\n\n如已离岗，请在此签退，或说明实际离岗时间：\n{link}',
  },
  checkOutMissingUnit: {
    subject: '有人尚未签退',
    text: '{name}您好，{person}的值班已于{end}结束，至今没有签退，已提醒本人：\n{duty}\n\n请您补录实际离岗时间。',
  },
  correctionRequested: {
    subject: '考勤更正申请待审核',
    text: '{name}您好，{person}的考勤有一份更正申请等待审核：\n{duty}\n\n理由：{reason}\n\n请由申请人以外的组织者审核。',
  },
  correctionDecided: {
    subject: '考勤更正申请已审核',
    text: '{name}您好，您这次值班的考勤更正申请{decided}：\n{duty}\n\n审核意见：{because}\n\n现在的记录：\n{link}',
  },
  lateEntry: {
    subject: '有补录的考勤待核验',
    text: '{name}您好，以下考勤是在值班结束很久之后才录入的，须由录入人以外的组织者核验：{hours}\n\n请与原始记录核对后予以核验；核验之前不计入结账。',
  },
  hoursReady: {
    subject: '您的服务时长已核实',
    text: '{name}您好，您的服务时长已核实，感谢您的付出：{hours}\n\n请在此查看，如与实际不符可申请更正{others}：\n{link}',
  },
}

const en: typeof zh = {
  checkInMissing: {
    subject: 'Have you arrived?',
    text: 'Hello {name}, your duty began on {expected} and you have not checked in yet:\n{duty}\n\nIf you are there, please check in here; if you cannot come, please tell the organizer soon:\n{link}',
  },
  checkInMissingUnit: {
    subject: 'Somebody has not checked in',
    text: 'Hello {name}, the duty of {person} began on {expected} and nobody has checked in; the person was asked:\n{duty}\n\nPlease find out: check them in if they are there, or record a no-show so that cover can be found.',
  },
  noShowQuestion: {
    subject: 'Did they come?',
    text: 'Hello {name}, {person} has still not checked in, and nobody is recorded as absent without a person saying so:\n{duty}\n\nPlease decide: check them in, or record a no-show (cover will then be looked for).',
  },
  checkOutMissing: {
    subject: 'Have you left?',
    text: 'Hello {name}, your duty ended on {end} and you have not checked out yet:\n{duty}\n\nIf you have left, please check out here, or say when you really left:\n{link}',
  },
  checkOutMissingUnit: {
    subject: 'Somebody has not checked out',
    text: 'Hello {name}, the duty of {person} ended on {end} and nobody has checked out; the person was asked:\n{duty}\n\nPlease enter when they really left.',
  },
  correctionRequested: {
    subject: 'A correction waits for review',
    text: 'Hello {name}, somebody asks to correct the attendance of {person}:\n{duty}\n\nReason: {reason}\n\nPlease have it reviewed by an organizer other than the one who asked.',
  },
  correctionDecided: {
    subject: 'Your correction was reviewed',
    text: 'Hello {name}, the correction asked for this duty {decided}:\n{duty}\n\nThe reviewer says: {because}\n\nThis is how it stands now:\n{link}',
  },
  lateEntry: {
    subject: 'Attendance entered late waits to be verified',
    text: 'Hello {name}, this attendance was entered long after the duty, and somebody other than who entered it has to verify it:{hours}\n\nPlease compare it with what was written down at the time. Until it is verified it is left out when hours are closed.',
  },
  hoursReady: {
    subject: 'Your hours are ready',
    text: 'Hello {name}, your hours have been verified, thank you for your service:{hours}\n\nYou can look at them here and, if they are not right, ask for a correction{others}:\n{link}',
  },
}

export const MESSAGES = catalogue('attendance-messages', { zh, en })
export type MessageName = keyof typeof zh

/** What a text message says instead. */
const zhShort = {
  checkInMissing: '{post}值班已开始，未见签到。请到{address}输{code}签到',
  checkOutMissing: '{post}值班已结束，未见签退。请到{address}输{code}签退',
  correctionDecided: '{post}考勤更正申请{decided}。详见{address}，码{code}',
  hoursReady: '时长已核实：{first}{more}。不符请到{address}输{code}更正',
}

const enShort: typeof zhShort = {
  checkInMissing: 'Your duty at {post} has begun: please check in at {address}, code {code}',
  checkOutMissing: 'Your duty at {post} is over: please check out at {address}, code {code}',
  correctionDecided: 'Your correction for {post} {decided}: {address}, code {code}',
  hoursReady: 'Hours verified: {first}{more}. If that is not right: {address}, code {code}',
}

export const SHORTS = catalogue('attendance-short-messages', { zh: zhShort, en: enShort })
export type ShortName = keyof typeof zhShort
