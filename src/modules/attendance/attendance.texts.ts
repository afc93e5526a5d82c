import { catalogue } from '../../platform/texts/catalogue.ts'

/** Words of a duty's own page; '{…}' is filled in. */
const zh = {
  title: '值班签到',
  greeting: '{name}，您好',
  at: '地点',
  role: '角色',
  phone: '岗位电话',
  checkIn: '我已到岗 · 签到',
  checkOut: '我已离岗 · 签退',
  stayOn: '下一班需要时，我可以继续值守',
  countsAs: '现在记为：{kind}',
  changeKind: '从现在起改记为',
  change: '更改',
  kinds: { standby: '备勤', active: '在岗', travel: '途中', handover: '交接', training: '培训' },
  minutes: '{minutes} 分钟',
  states: {
    early: '签到将于 {opens} 开放。',
    ready: '到岗后请点击下面的按钮签到。',
    present: '您已于 {checkedIn} 签到，正在值班。离岗时请签退。',
    waiting: '您已于 {checkedIn} 签到。接班人员还没有到，正在催促；您多值守的时间会单独记录，谢谢您。离岗时请签退。',
    finished: '值班完成：{checkedIn} 至 {checkedOut}。时长待组织者核实，感谢您的付出！',
    verified: '值班完成：{checkedIn} 至 {checkedOut}，共 {minutes} 分钟，已核实。感谢您的付出！',
    unconfirmed: '这次值班尚未确认。请先通过确认链接作答。',
    noShow: '未在规定时间内签到，本次值班已记为未到岗，席位已转候补。如您已到岗，请在下面说明，或联系组织者。',
    missed: '这次值班已经结束，没有您的签到记录。如您当时在岗，请在下面说明。',
    released: '您已不再承担这次值班，无需签到。',
  },
  dispute: '记录不对？申请更正',
  disputeHint: '请填写实际时间（岗位当地时间）和理由，由组织者审核。',
  cameAt: '实际到岗',
  leftAt: '实际离岗',
  reason: '理由',
  ask: '提交更正申请',
  corrections: {
    open: '您的更正申请正在等待审核。',
    approved: '更正申请已采纳：{decision}',
    rejected: '更正申请未采纳：{decision}',
    withdrawn: '更正申请已撤回。',
  },
  disputeFaults: {
    'end-before-start': '离岗时间应晚于到岗时间。',
    'in-the-future': '时间还没有到。',
    'outside-duty': '这段时间与值班时间不相交，请核对日期。',
    'too-long': '时间过长，请核对日期。',
    'on-duty-elsewhere': '这段时间您在另一岗位值班。',
    'correction-open': '已有一份申请在等待审核。',
    'not-correctable': '这次值班不能更正。',
    'field-missing': '请填写到岗时间、离岗时间和理由。',
  },
  faults: {
    'on-duty-elsewhere': '您在另一岗位的值班尚未签退，请先在那里签退。',
    'too-long': '时间过长，可能忘记了签退。请在下面说明实际离岗时间，或联系组织者补录。',
    'out-before-start': '值班尚未开始，暂不能签退。',
  },
  fault: '暂时无法办理，以下是当前状态。',
}

const en: typeof zh = {
  title: 'Check-in for your duty',
  greeting: 'Hello {name}',
  at: 'Where',
  role: 'Role',
  phone: 'Phone at the post',
  checkIn: 'I am here · check in',
  checkOut: 'I am leaving · check out',
  stayOn: 'I could stay on for the next shift if needed',
  countsAs: 'Your time counts as: {kind}',
  changeKind: 'From now on count it as',
  change: 'Change',
  kinds: { standby: 'standby', active: 'active', travel: 'travel', handover: 'handover', training: 'training' },
  minutes: '{minutes} minutes',
  states: {
    early: 'Check-in opens at {opens}.',
    ready: 'When you are at the post, press the button.',
    present: 'You checked in at {checkedIn} and are on duty. Please check out when you leave.',
    waiting:
      'You checked in at {checkedIn}. Your relief has not come yet and is being called; the time you stay on is ' +
      'recorded separately. Thank you. Please check out when you leave.',
    finished:
      'Duty done: {checkedIn} to {checkedOut}. The hours show here once the organizer has verified them. Thank you!',
    verified: 'Duty done: {checkedIn} to {checkedOut}, {minutes} minutes, verified. Thank you!',
    unconfirmed: 'This duty is not confirmed yet. Please answer through your confirmation link first.',
    noShow:
      'Nobody checked in in time, so this duty counts as a no-show and the seat has gone to the reserve. ' +
      'If you are at the post, please say so below or call the organizer.',
    missed: 'This duty is over and there is no check-in of yours. If you were there, please say so below.',
    released: 'This duty is no longer yours; there is nothing to do.',
  },
  dispute: 'Something wrong? Ask for a correction',
  disputeHint: 'Please give the real times (local time at the post) and a reason; an organizer will review it.',
  cameAt: 'Really came at',
  leftAt: 'Really left at',
  reason: 'Reason',
  ask: 'Ask for the correction',
  corrections: {
    open: 'Your correction waits for review.',
    approved: 'Your correction was accepted: {decision}',
    rejected: 'Your correction was not accepted: {decision}',
    withdrawn: 'The correction was taken back.',
  },
  disputeFaults: {
    'end-before-start': 'You cannot have left before you came.',
    'in-the-future': 'That time has not come yet.',
    'outside-duty': 'These times do not touch the duty; please check the date.',
    'too-long': 'That is too long; please check the date.',
    'on-duty-elsewhere': 'You were on duty at another post at that time.',
    'correction-open': 'Another correction waits for review already.',
    'not-correctable': 'This duty cannot be corrected.',
    'field-missing': 'Please give both times and a reason.',
  },
  faults: {
    'on-duty-elsewhere': 'You have not checked out at another post yet. Please check out there first.',
    'too-long':
      'That is too long; maybe the check-out was forgotten. Please say below when you really left, or tell the organizer.',
    'out-before-start': 'The duty has not begun yet, so you cannot check out.',
  },
  fault: 'That was not possible. This is how things stand.',
}

export type Texts = typeof zh
export const TEXTS = catalogue('attendance', { zh, en })
