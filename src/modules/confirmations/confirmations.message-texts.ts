import { catalogue } from '../../platform/texts/catalogue.ts'

/** What messages about duties say; '{…}' is filled in when they are sent. */
export const MESSAGES = catalogue('confirmations.messages', {
  zh: {
    request: {
      subject: '{title}',
      text: '{name}您好，{ask}{duties}{agreed}{taken}\n\n{how}\n{link}',
      short: '{first}{more}，{due}前请到{address}输{code}答复',
    },
    reminder: {
      subject: '提醒：{title}',
      text: '{name}您好，以下值班还在等您的答复：{duties}\n\n{silence}请打开链接答复：\n{link}',
      short: '提醒：{first}，{due}前到{address}输{code}答复',
    },
    receipt: {
      subject: '已记下您的答复（回执{receipt}）',
      text: '{name}您好，已记下您的答复，回执号{receipt}：{decided}\n\n截止时间前可在此更改：\n{link}',
      short: '已记下：{start}值班{more}{state}，回执{receipt}，更改到{address}输{code}',
    },
    taken: {
      subject: '值班已取消',
      text: '{name}您好，以下值班已取消，您无需前来：{duties}',
      short: '值班已取消，您无需前来：{first}{more}',
    },
    changed: {
      subject: '您的值班有变更',
      text: '{name}您好，以下值班有变更：{changes}\n\n请在此再次答复，不能参加无需说明理由：\n{link}',
      short: '值班有变更：{first}，请到{address}输{code}再次答复',
    },
    lapsed: {
      subject: '值班已转候补',
      text: '{name}您好，未收到您的答复，以下值班已转给候补，您无需前来：{duties}',
      short: '未收到答复，已转候补，您无需前来：{first}{more}',
    },
    implied: {
      subject: '您的值班已排定',
      text: '{name}您好，未收到您不能参加的告知，以下值班按单位规定视为已确认：{duties}\n\n如有变化，请在此告知：\n{link}',
      short: '已按参加排定：{first}{more}。有变化请到{address}输{code}',
    },
    unacknowledged: {
      subject: '有人尚未确认已阅值班安排',
      text: '{name}您好，{person}在{confirmBy}前尚未回复已阅以下值班，席位仍予保留，请您联系：{duties}',
    },
    unheard: {
      subject: '有人收不到值班通知',
      text: '{name}您好，以下人员的值班通知未能送达，请您另行联系：{people}',
    },
    dutyReminder: {
      subject: '值班提醒',
      text: '{name}您好，您的值班快到了：{duties}\n\n请在{arriveBy}前到岗。{details}\n\n到岗后请在此签到，离岗时签退：\n{link}',
      short: '{first}，{time}前到岗，到{address}输{code}签到',
    },
    parts: {
      title: {
        explicit: '请确认您的值班',
        implied: '您的值班安排',
        acknowledged: '请确认已阅您的值班',
        agreed: '您的值班安排',
      },
      ask: {
        explicit: '{unit}为您安排了以下值班：',
        implied: '{unit}将您列入以下值班：',
        acknowledged: '{unit}将您列入以下值班：',
        agreed: '{unit}按您事先的同意安排如下：',
      },
      how: {
        explicit: '请在{confirmBy}前确认或谢绝，无需说明理由：',
        implied: '如不能参加，请在{confirmBy}前告知，无需说明理由；未告知即按参加安排：',
        acknowledged: '请在{confirmBy}前打开链接点“已阅”；如不能参加，也请在此告知：',
        agreed: '如不能参加，请在此告知，无需说明理由：',
      },
      silence: {
        explicit: '{confirmBy}之后名额将转给候补。',
        implied: '{confirmBy}之后未告知即按参加安排。',
        acknowledged: '{confirmBy}之后将告知您的单位。',
        agreed: '',
      },
      agreed: '按您事先的同意已确认：',
      taken: '以下值班已取消：',
      was: '原为',
      is: '现为',
      states: { confirmed: '已确认', declined: '不能参加' },
      more: '等{count}次',
      partners: '同班：{partners}',
      bring: '请携带或穿着：{bring}',
    },
  },
  en: {
    request: {
      subject: '{title}',
      text: 'Hello {name}, {ask}{duties}{agreed}{taken}\n\n{how}\n{link}',
      short: '{first}{more}: please answer by {due} at {address}, code {code}',
    },
    reminder: {
      subject: 'Reminder: {title}',
      text: 'Hello {name}, these duties still wait for your answer:{duties}\n\n{silence}Please answer here:\n{link}',
      short: 'Reminder: {first}, please answer by {due} at {address}, code {code}',
    },
    receipt: {
      subject: 'Your answer is noted (receipt {receipt})',
      text: 'Hello {name}, your answer is noted, receipt {receipt}:{decided}\n\nUntil the cut-off you can change it here:\n{link}',
      short: 'Noted: duty {start}{more} {state}. Receipt {receipt}. To change it: {address}, code {code}',
    },
    taken: {
      subject: 'Duty cancelled',
      text: 'Hello {name}, these duties are no longer yours; there is nothing you need to do:{duties}',
      short: 'Cancelled, you need not come: {first}{more}',
    },
    changed: {
      subject: 'Your duty has changed',
      text: 'Hello {name}, these duties are not as we told you:{changes}\n\nPlease answer again here; no reason is needed if you cannot come:\n{link}',
      short: 'Your duty has changed: {first}. Please answer again: {address}, code {code}',
    },
    lapsed: {
      subject: 'Duty passed to the reserve',
      text: 'Hello {name}, as we have not heard from you, these duties were passed to the reserve; you need not come:{duties}',
      short: 'Passed to the reserve, you need not come: {first}{more}',
    },
    implied: {
      subject: 'Your duties are settled',
      text: 'Hello {name}, you have not told us that you cannot come, so by the rules of your unit these duties count as confirmed:{duties}\n\nIf something changes, please tell us here:\n{link}',
      short: 'We count on you: {first}{more}. If something changes: {address}, code {code}',
    },
    unacknowledged: {
      subject: 'A duty that nobody has acknowledged',
      text: 'Hello {name}, {person} had not acknowledged these duties by {confirmBy}. The seats are kept; please get in touch:{duties}',
    },
    unheard: {
      subject: 'Somebody could not be told of their duty',
      text: 'Hello {name}, no message about these duties could be delivered; please get in touch with:{people}',
    },
    dutyReminder: {
      subject: 'Your duty is near',
      text: 'Hello {name}, your duty is near:{duties}\n\nPlease be there by {arriveBy}.{details}\n\nCheck in here when you arrive, and out when you leave:\n{link}',
      short: '{first}, be there by {time}; check in at {address}, code {code}',
    },
    parts: {
      title: {
        explicit: 'Please confirm your duty',
        implied: 'Your duties',
        acknowledged: 'Please acknowledge your duty',
        agreed: 'Your duties',
      },
      ask: {
        explicit: '{unit} asks you to stand these duties:',
        implied: '{unit} has put you down for these duties:',
        acknowledged: '{unit} has put you down for these duties:',
        agreed: '{unit} has put you down as you agreed beforehand:',
      },
      how: {
        explicit: 'Please confirm or decline by {confirmBy}; no reason is needed:',
        implied: 'If you cannot come, please say so by {confirmBy}; no reason is needed. Otherwise we count on you:',
        acknowledged: 'Please open the link by {confirmBy} and say that you have read this, or that you cannot come:',
        agreed: 'If you cannot come, please say so here; no reason is needed:',
      },
      silence: {
        explicit: 'After {confirmBy} they pass to the reserve. ',
        implied: 'After {confirmBy} we count on you. ',
        acknowledged: 'After {confirmBy} your unit will be told. ',
        agreed: '',
      },
      agreed: 'Confirmed, as you agreed beforehand:',
      taken: 'No longer yours:',
      was: 'It was',
      is: 'It is',
      states: { confirmed: 'confirmed', declined: "can't make it" },
      more: ' and {count} in all',
      partners: 'With you: {partners}',
      bring: 'Bring and wear: {bring}',
    },
  },
})
