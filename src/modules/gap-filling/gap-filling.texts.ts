import { catalogue } from '../../platform/texts/catalogue.ts'
import type { Tongue } from '../../time/words.ts'

/** Words of the offers page; '{…}' is filled in. */
export const TEXTS = catalogue('gap-filling', {
  zh: {
    title: '您能来值班吗？',
    hello: '{name}，您好。{unit}',
    ask: {
      first: '先到先得，请在{expiresAt}前答复。',
      collect: '请在{expiresAt}前答复，届时按顺序确定由谁来，并告知每一位。',
    },
    award: '将于{expiresAt}确定由谁来，结果会发消息告知您。',
    where: '地点',
    role: '角色',
    phone: '岗位电话',
    bring: '请携带或穿着',
    zone: '时间按{zone}',
    accept: { first: '我来值班', collect: '我可以来' },
    decline: '不能来',
    withdraw: '我来不了了',
    wouldCome: '以后同一时段有空缺，我可以来',
    free: '不能来无需说明理由，也不会有任何影响。',
    choose: '请使用页面上的按钮答复。',
    standings: {
      open: '等待您的答复',
      willing: '✓ 已记下您可以来，谢谢您',
      yours: '✓ 这次值班由您承担，谢谢您',
      yoursForGood: '✓ 这次值班由您承担。如有变化，请联系组织者',
      'given-back': '您已退出这次值班，谢谢告知',
      declined: '已记下您不能来，谢谢告知',
      expired: '答复时间已过，谢谢您',
      filled: '已有人接下，谢谢您',
      wouldCome: '✓ 已记下您愿意来，如有需要会再联系您，谢谢您',
      closed: '这次值班不再需要候补，谢谢您',
    },
  },
  en: {
    title: 'Can you stand this duty?',
    hello: 'Hello {name}. {unit}',
    ask: {
      first: 'First come, first served. Please answer by {expiresAt}.',
      collect: 'Please answer by {expiresAt}. Then it is settled in order who comes, and everybody is told.',
    },
    award: 'Who comes is settled at {expiresAt}; you will get a message either way.',
    where: 'Where',
    role: 'Role',
    phone: 'Phone at the post',
    bring: 'Bring and wear',
    zone: 'Times are those of {zone}',
    accept: { first: 'I will come', collect: 'I could come' },
    decline: "I can't come",
    withdraw: 'I cannot come after all',
    wouldCome: 'I could come if another seat at that time is empty',
    free: 'You need not give a reason, and declining costs nothing.',
    choose: 'Please answer with the buttons on this page.',
    standings: {
      open: 'Waiting for your answer',
      willing: '✓ Noted that you could come, thank you',
      yours: '✓ This duty is yours, thank you',
      yoursForGood: '✓ This duty is yours. If something comes up, please tell the organizer',
      'given-back': 'You have withdrawn from this duty, thank you for telling us',
      declined: 'Noted that you cannot come, thank you for telling us',
      expired: 'The time to answer is over, thank you',
      filled: 'Already filled, thank you',
      wouldCome: '✓ Noted that you would come; you will hear from us if you are needed. Thank you',
      closed: 'Cover for this duty is no longer needed, thank you',
    },
  },
})

/** What messages about offers and gaps say. */
export const MESSAGES = catalogue('gap-filling.messages', {
  zh: {
    offer: {
      subject: '您能来值班吗？',
      text: '{name}您好，{unit}有一个值班空缺：\n{duty}\n\n{how}，请在{expiresAt}前打开链接答复；不能来也请告诉我们，无需说明理由：\n{link}',
      short: '补位：{brief}，{briefHow}，{due}前到{address}输{code}',
    },
    noted: {
      subject: '已记下您可以来',
      text: '{name}您好，已记下您可以来，谢谢：\n{duty}\n\n将于{expiresAt}按顺序确定由谁来，结果会发消息告知您；在此之前您无需前来。如有变化，请在此告知：\n{link}',
      short: '已记下您可以来：{brief}。更改到{address}输{code}',
    },
    accepted: {
      subject: '谢谢您接下这次值班',
      text: '{name}您好，这次值班由您承担，谢谢：\n{duty}\n\n请在{arriveBy}前到岗。{bring}\n\n到岗后请在此签到，离岗时签退：\n{link}',
      short: '由您值班：{brief}，{time}前到岗，到{address}输{code}签到',
    },
    filled: {
      subject: '已有人接下，谢谢您',
      text: '{name}您好，以下值班已有人接下，您无需前来，谢谢您：\n{duty}',
      short: '已有人接下，您无需前来，谢谢您：{brief}',
    },
    notAwarded: {
      subject: '这次由他人值班，谢谢您',
      text: '{name}您好，谢谢您愿意来。以下值班已按顺序由他人承担，您无需前来；同一时段如再有空缺，会先联系您：\n{duty}',
      short: '这次由他人值班，您无需前来，谢谢您：{brief}',
    },
    withdrawn: {
      subject: '不再需要候补，谢谢您',
      text: '{name}您好，以下值班不再需要候补，您无需前来，谢谢您：\n{duty}',
      short: '不再需要候补，您无需前来，谢谢您：{brief}',
    },
    exhausted: {
      subject: '值班空缺无人可补',
      text: '{name}您好，以下值班仍然空缺，候补已全部问过（共询问{asked}人），请您安排：\n{duty}\n\n{tiers}{below}\n\n请在{reactBy}前处理，否则将告知上一级。',
    },
    atRisk: {
      subject: '值班空缺多人未答复',
      text: '{name}您好，以下值班仍然空缺，已有{lapses}人到时未答复（共询问{asked}人），仍在继续寻找，请您关注：\n{duty}{below}\n\n请在{reactBy}前处理，否则将告知上一级。',
    },
    summary: {
      subject: '目前有{count}个值班空缺',
      text: '{name}您好，{unit}目前有{count}个值班空缺：{gaps}',
    },
    searches: {
      open: '正在询问候补',
      paused: '已暂停询问',
      exhausted: '候补已全部问过',
      none: '未在询问',
    },
    how: { first: '先到先得', collect: '届时按顺序确定由谁来' },
    briefHow: { first: '先到先得', collect: '按序确定' },
    bring: '请携带或穿着：{bring}',
    below: '\n\n{unit}尚未处理。',
  },
  en: {
    offer: {
      subject: 'Can you stand this duty?',
      text: 'Hello {name}, {unit} is looking for somebody for this duty:\n{duty}\n\n{how} Please answer by {expiresAt}; if you cannot come, tell us too, no reason is needed:\n{link}',
      short: 'Can you come? {brief}. {briefHow} Answer by {due}: {address} code {code}',
    },
    noted: {
      subject: 'Noted that you could come',
      text: 'Hello {name}, noted that you could come, thank you:\n{duty}\n\nWho comes is settled at {expiresAt}, in order, and you will get a message either way; until then you need not come. If something changes, please tell us here:\n{link}',
      short: 'Noted that you could come: {brief}. To change it: {address} code {code}',
    },
    accepted: {
      subject: 'Thank you for taking this duty',
      text: 'Hello {name}, this duty is yours, thank you:\n{duty}\n\nPlease be there by {arriveBy}. {bring}\n\nPlease check in here when you arrive, and out when you leave:\n{link}',
      short: 'Yours: {brief}. Be there by {time}, check in at {address} code {code}',
    },
    filled: {
      subject: 'Already filled, thank you',
      text: 'Hello {name}, somebody has taken this duty already; there is nothing you need to do. Thank you:\n{duty}',
      short: 'Already filled, you need not come, thank you: {brief}',
    },
    notAwarded: {
      subject: 'Somebody else stands this duty, thank you',
      text: 'Hello {name}, thank you for being ready to come. This duty went to somebody else in turn; there is nothing you need to do. If another seat at that time is empty, you will be asked first:\n{duty}',
      short: 'Somebody else comes, you need not; thank you: {brief}',
    },
    withdrawn: {
      subject: 'No longer needed, thank you',
      text: 'Hello {name}, cover for this duty is no longer needed; there is nothing you need to do. Thank you:\n{duty}',
      short: 'Cover is no longer needed, thank you: {brief}',
    },
    exhausted: {
      subject: 'A duty that nobody can fill',
      text: 'Hello {name}, this duty is still open and the whole reserve was asked ({asked} people). Please find somebody:\n{duty}\n\n{tiers}{below}\n\nPlease see to it by {reactBy}; after that the next level up is told.',
    },
    atRisk: {
      subject: 'A duty for which many do not answer',
      text: 'Hello {name}, this duty is still open and {lapses} people did not answer in time ({asked} were asked). The search goes on; please keep an eye on it:\n{duty}{below}\n\nPlease see to it by {reactBy}; after that the next level up is told.',
    },
    summary: {
      subject: 'Open seats: {count}',
      text: 'Hello {name}, these seats of {unit} are open ({count}):{gaps}',
    },
    searches: {
      open: 'the reserve is being asked',
      paused: 'asking is paused',
      exhausted: 'the whole reserve was asked',
      none: 'nobody is being asked',
    },
    how: { first: 'First come, first served.', collect: 'It is settled in order who comes.' },
    briefHow: { first: 'First come, first served.', collect: 'Settled in order.' },
    bring: 'Bring and wear: {bring}',
    below: '\n\n{unit} has not seen to it.',
  },
})

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
