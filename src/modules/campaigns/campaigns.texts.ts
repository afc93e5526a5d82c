import { catalogue } from '../../platform/texts/catalogue.ts'

const zh = {
  hello: '{name}，您好。{unit}',
  ask: '想请您帮忙：共{count}项，每轮都要联系一次。名单在您接受后才会显示。',
  free: '不能参加无需说明理由，也不会有任何影响。',
  accept: '我来承担',
  decline: '不能参加',
  stop: '我不能继续了',
  stopHint: '尚未完成的将立即转给其他人，谢谢您已做的一切。',
  declined: '已记下您不参加，谢谢告知。',
  released: '您的任务已转给其他人，谢谢您。',
  over: '这项任务已经结束，谢谢您。',
  round: '第{number}轮',
  deadline: '请在{deadline}前完成',
  notBegun: '本轮将于{opensAt}开始。',
  done: '本轮已完成{finished} / {total}',
  nothing: '这一轮没有您的任务。',
  call: '拨打',
  note: '备注（可不填）',
  tries: '已试{tries}次',
  page: '第{page}页，共{pages}页',
  previous: '上一页',
  next: '下一页',
  choose: '请使用页面上的按钮。',
  refused: '暂时无法记录，以下是当前情况。',
  states: { open: '待联系', reached: '已联系', not_reached: '未联系上', refused: '拒绝', problem: '有问题' },
  marks: { open: '撤回', reached: '已联系', not_reached: '没联系上', refused: '对方拒绝', problem: '有问题' },
  privacy: '名单仅供本次任务使用，请勿转发或保存。',
  shorts: {
    'campaign-asked': '想请您帮忙，共{count}项，能否参加请答复：到{address}输{code}',
    'campaign-given': '请您承担{count}项任务，名单：到{address}输{code}',
    'campaign-more': '您的任务有增加，现共{count}项：到{address}输{code}',
    'campaign-chase': '您还有{left}项待完成，请在{deadline}前：到{address}输{code}',
  },
  messages: {
    'campaign-asked': {
      subject: '请您帮忙：{campaign}',
      text: '{name}您好，{unit}想请您参加“{campaign}”：共{count}项，请在{deadline}前完成。能否参加请在此答复，不能参加无需说明理由：\n{link}',
    },
    'campaign-given': {
      subject: '您的任务：{campaign}',
      text: '{name}您好，{unit}请您承担“{campaign}”中的{count}项，请在{deadline}前完成。名单在此；如不能承担，也请在此告知：\n{link}',
    },
    'campaign-more': {
      subject: '任务有增加：{campaign}',
      text: '{name}您好，“{campaign}”又有一些转给了您，现在共{count}项待完成，请在{deadline}前完成：\n{link}',
    },
    'campaign-chase': {
      subject: '请继续：{campaign}',
      text: '{name}您好，“{campaign}”第{round}轮您还有{left}项待完成，请在{deadline}前完成，谢谢：\n{link}',
    },
    'campaign-overdue': {
      subject: '到期未完成：{campaign}',
      text: '{name}您好，“{campaign}”第{round}轮已到期，还有{left}项未完成。请您查看并安排。',
    },
    'campaign-undivided': {
      subject: '无人承担：{campaign}',
      text: '{name}您好，“{campaign}”有{items}项目前无人承担（有人退出，其他人已满）。请您安排。',
    },
  },
}

export type CampaignTexts = typeof zh

const en: CampaignTexts = {
  hello: 'Hello {name}. {unit}',
  ask: 'Would you help? There are {count} to reach, once in each round. You see the list when you accept.',
  free: 'You need not give a reason, and declining costs nothing.',
  accept: 'I will do it',
  decline: "I can't take part",
  stop: 'I cannot go on',
  stopHint: 'What is not finished goes to others at once. Thank you for all you have done.',
  declined: 'Noted that you do not take part, thank you for telling us.',
  released: 'Your part has gone to others, thank you.',
  over: 'This campaign is over, thank you.',
  round: 'Round {number}',
  deadline: 'Please finish by {deadline}',
  notBegun: 'This round begins {opensAt}.',
  done: 'Finished in this round: {finished} of {total}',
  nothing: 'There is nothing for you in this round.',
  call: 'Call',
  note: 'Note (may stay empty)',
  tries: 'tried {tries} times',
  page: 'Page {page} of {pages}',
  previous: 'Previous',
  next: 'Next',
  choose: 'Please use the buttons on this page.',
  refused: 'That could not be noted. This is how things stand.',
  states: {
    open: 'to be reached',
    reached: 'reached',
    not_reached: 'not reached',
    refused: 'refused',
    problem: 'problem',
  },
  marks: {
    open: 'Take back',
    reached: 'Reached',
    not_reached: 'Not reached',
    refused: 'They refused',
    problem: 'A problem',
  },
  privacy: 'The list is for this task only. Please do not pass it on or keep it.',
  shorts: {
    'campaign-asked': 'Would you help with {count}? Please answer: {address} code {code}',
    'campaign-given': '{count} tasks for you, the list: {address} code {code}',
    'campaign-more': 'More has come to you, now {count}: {address} code {code}',
    'campaign-chase': 'You have {left} left, by {deadline}: {address} code {code}',
  },
  messages: {
    'campaign-asked': {
      subject: 'Would you help: {campaign}',
      text: 'Hello {name}, {unit} would like you to take part in "{campaign}": {count} to reach, please by {deadline}. Please say here whether you can; no reason is needed if not:\n{link}',
    },
    'campaign-given': {
      subject: 'Your part: {campaign}',
      text: 'Hello {name}, {unit} asks you to take {count} of "{campaign}", please by {deadline}. The list is here, and so is the button in case you cannot:\n{link}',
    },
    'campaign-more': {
      subject: 'A little more: {campaign}',
      text: 'Hello {name}, some more of "{campaign}" has come to you: now {count} to reach, please by {deadline}:\n{link}',
    },
    'campaign-chase': {
      subject: 'Please go on: {campaign}',
      text: 'Hello {name}, in round {round} of "{campaign}" you have {left} left, please by {deadline}. Thank you:\n{link}',
    },
    'campaign-overdue': {
      subject: 'Over time: {campaign}',
      text: 'Hello {name}, round {round} of "{campaign}" is over and {left} are not finished. Please have a look.',
    },
    'campaign-undivided': {
      subject: 'In nobody’s hands: {campaign}',
      text: 'Hello {name}, {items} of "{campaign}" are in nobody’s hands: somebody has left, and the others have no room. Please have a look.',
    },
  },
}

export const TEXTS = catalogue('campaigns', { zh, en })
