import { catalogue } from '../../platform/texts/catalogue.ts'

/** Words around an announcement; '{…}' is filled in. */
export const TEXTS = catalogue('announcements', {
  zh: {
    hello: '{name}，您好。{unit}',
    published: '发布于{publishedAt}',
    acknowledge: '我已阅读并知悉',
    ask: '请阅读后按下面的按钮答复；仅打开本页不算答复。',
    stale: '内容刚有更新，请重新阅读后再答复。',
    choose: '请使用页面上的按钮答复。',
    standings: {
      open: '等待您的答复',
      changed: '内容有更新，请重新阅读并答复',
      acknowledged: '✓ 已收到您的答复（{at}），谢谢您',
      over: '本通知已结束，无需答复，谢谢您',
    },
    languages: { zh: '中文', en: 'English', bo: 'བོད་ཡིག' },
    more: '……另有{count}人',
    shorts: {
      announcement: '{unit}有通知请您阅读并答复：到{address}输{code}',
      'announcement-changed': '{unit}的通知有更新，请重新阅读并答复：到{address}输{code}',
      'announcement-reminder': '{unit}的通知还在等您答复：到{address}输{code}',
    },
    templates: {
      announcement: {
        subject: '{title}',
        text: '{name}您好，{unit}通知：\n{title}\n\n{text}\n\n请打开链接答复“已阅读”：\n{link}',
      },
      'announcement-changed': {
        subject: '更新：{title}',
        text: '{name}您好，{unit}的通知有更新：\n{title}\n\n{text}\n\n请重新阅读，并打开链接答复：\n{link}',
      },
      'announcement-reminder': {
        subject: '提醒：{title}',
        text: '{name}您好，以下通知还在等您答复“已阅读”：\n{title}\n\n{text}\n\n{link}',
      },
      'announcement-overdue': {
        subject: '尚未答复：{title}',
        text: '{name}您好，以下{count}人尚未答复通知“{title}”，请您联系：\n{names}',
      },
    },
  },
  en: {
    hello: 'Hello {name}. {unit}',
    published: 'Published {publishedAt}',
    acknowledge: 'I have read this',
    ask: 'Please read it and answer with the button below; opening this page is not yet an answer.',
    stale: 'It has just changed; please read it again before you answer.',
    choose: 'Please answer with the button on this page.',
    standings: {
      open: 'Waiting for your answer',
      changed: 'It has changed; please read it again and answer',
      acknowledged: '✓ We have your answer ({at}), thank you',
      over: 'This announcement is over; no answer is needed, thank you',
    },
    languages: { zh: '中文', en: 'English', bo: 'བོད་ཡིག' },
    more: '… and {count} more',
    shorts: {
      announcement: 'Please read and answer an announcement of {unit}: {address}, code {code}',
      'announcement-changed': 'An announcement of {unit} has changed, please read and answer: {address}, code {code}',
      'announcement-reminder': 'An announcement of {unit} waits for your answer: {address}, code {code}',
    },
    templates: {
      announcement: {
        subject: '{title}',
        text: 'Hello {name}, from {unit}:\n{title}\n\n{text}\n\nPlease answer that you have read it:\n{link}',
      },
      'announcement-changed': {
        subject: 'Changed: {title}',
        text: 'Hello {name}, this has changed, from {unit}:\n{title}\n\n{text}\n\nPlease read it again and answer:\n{link}',
      },
      'announcement-reminder': {
        subject: 'Reminder: {title}',
        text: 'Hello {name}, this still waits for your answer that you have read it:\n{title}\n\n{text}\n\n{link}',
      },
      'announcement-overdue': {
        subject: 'Not answered: {title}',
        text: 'Hello {name}, these {count} people have not answered "{title}" yet. Please get in touch with them:\n{names}',
      },
    },
  },
})

export type TemplateName = keyof (typeof TEXTS)['zh']['templates']
export type ShortName = keyof (typeof TEXTS)['zh']['shorts']
