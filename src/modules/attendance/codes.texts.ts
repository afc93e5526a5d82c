import { catalogue } from '../../platform/texts/catalogue.ts'

/** Words of the pages and papers at a post. */
const zh = {
  title: '岗位签到',
  display: '签到码',
  until: '有效至 {until}，随后自动更换',
  scan: '扫描二维码，或打开 {url} 并输入签到码',
  code: '签到码（6位，见岗位屏幕）',
  who: '您是哪一位？任选一种方式',
  link: '消息中的个人链接',
  number: '编号',
  phone: '手机号后四位',
  checkIn: '签到',
  checkOut: '签退',
  poster: {
    title: '值班签到 · 签退',
    how: '用手机扫描二维码，输入编号和手机号后四位。',
    page: '第 {page} 页，共 {pages} 页',
    missing: '无法显示的字：{codes}',
  },
  faults: {
    'wrong-code': '签到码不正确或已更换，请看岗位屏幕上现在的签到码。',
    'unknown-person': '没有找到您：请核对链接，或编号与手机号后四位。',
    'too-many': '尝试次数过多，请过一刻钟再试，或请组织者代为签到。',
    'no-duty-here': '您近期在这个岗位没有值班。如有疑问，请联系组织者。',
    'not-confirmed': '这次值班尚未确认，请先通过确认链接作答。',
    'not-checked-in': '您还没有签到，无法签退。',
    'counted-as-no-show': '这次值班已记为未到岗，席位已转候补，请联系组织者。',
    'too-early': '还没到签到时间。',
    'duty-over': '这次值班已经结束，请联系组织者补录。',
    'on-duty-elsewhere': '您在另一岗位尚未签退，请先在那里签退。',
    'too-long': '时间过长，可能忘记了签退，请联系组织者补录。',
    'out-before-start': '值班尚未开始，暂不能签退。',
    'out-before-in': '您刚刚签到，请稍后再签退。',
  },
  fault: '暂时无法办理，请联系组织者。',
}

const en: typeof zh = {
  title: 'Check-in at the post',
  display: 'Check-in code',
  until: 'Valid until {until}; then another one is shown',
  scan: 'Scan the code, or open {url} and enter the digits',
  code: 'Check-in code (6 digits, on the screen at the post)',
  who: 'Who are you? Either way will do',
  link: 'The personal link from your message',
  number: 'Person number',
  phone: 'Last four digits of your phone number',
  checkIn: 'Check in',
  checkOut: 'Check out',
  poster: {
    title: 'Check in and out',
    how: 'Scan the code with your phone, and enter your number and the last four digits of your phone number.',
    page: 'Page {page} of {pages}',
    missing: 'Characters that cannot be shown: {codes}',
  },
  faults: {
    'wrong-code': 'The code is wrong or has changed. Please enter the one the screen shows now.',
    'unknown-person': 'We could not find you. Please check the link, or the number and the four digits.',
    'too-many': 'Too many attempts. Please try again in a quarter of an hour, or ask the organizer to check you in.',
    'no-duty-here': 'You have no duty at this post around this time. If that is wrong, please ask the organizer.',
    'not-confirmed': 'This duty is not confirmed yet. Please answer through your confirmation link first.',
    'not-checked-in': 'You have not checked in, so you cannot check out.',
    'counted-as-no-show':
      'This duty counts as a no-show and the seat has gone to the reserve. Please call the organizer.',
    'too-early': 'Check-in is not open yet.',
    'duty-over': 'This duty is over. Please ask the organizer to enter it.',
    'on-duty-elsewhere': 'You have not checked out at another post yet. Please check out there first.',
    'too-long': 'That is too long; maybe the check-out was forgotten. Please tell the organizer when you really left.',
    'out-before-start': 'The duty has not begun yet, so you cannot check out.',
    'out-before-in': 'You have only just checked in. Please wait a minute.',
  },
  fault: 'That was not possible. Please ask the organizer.',
}

export type Texts = typeof zh
export const TEXTS = catalogue('check-in', { zh, en })
