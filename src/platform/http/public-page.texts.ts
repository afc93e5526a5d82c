import { catalogue } from '../texts/catalogue.ts'

/** Words of the pages that belong to no room: a link that is not good, the code of a text message, privacy. */
export const TEXTS = catalogue('public-page', {
  zh: {
    dead: '链接或代码无效',
    deadHint:
      '链接或代码不完整、有误、已过期，或已被新的消息取代。请使用最近一条消息中的链接，或在下面输入短信中的代码；稍后可再试。也可拨打值班消息中的电话，联系您的组织者。',
    title: '输入短信中的代码',
    hint: '短信中的代码有8个字母或数字，大小写、空格和短横都可以。',
    code: '代码',
    phone: '收到短信的手机号后四位',
    open: '打开',
    privacy: '个人信息说明',
    support: '需要帮助请拨打',
    notice: {
      what: '我们为安排值班使用您的姓名、联系方式、所属单位、资质、可值班时间，以及您的答复和值班记录。',
      why: '仅用于排班、通知、补位、交接和服务时长记录；不用于其他目的，未经您单独同意不提供给其他机构。',
      who: '只有您所在单位及其上级单位的组织者可以看到。同班人员只会看到您的姓氏。',
      long: '应急任务结束后，为应急收集的信息会被删除；依法需要保存的志愿服务记录除外。',
      rights: '您可以向组织者查询、更正、复制或删除自己的信息，也可以撤回同意或停止接收消息。',
      links: '消息中的链接和代码只供您本人使用，请不要转发；打开链接不会改变任何内容。',
    },
  },
  en: {
    dead: 'This link or code is not valid',
    deadHint:
      'It is incomplete or mistyped, has expired, or a newer message took its place. Please use the link in the latest message, or enter the code of your text message; you may try again a little later. Or call the number in the message about your duty and ask your organizer.',
    title: 'Enter the code of your text message',
    hint: 'The code has 8 letters or digits; capitals, blanks and dashes do not matter.',
    code: 'Code',
    phone: 'Last four digits of the phone that got the message',
    open: 'Open',
    privacy: 'Your personal data',
    support: 'Call for help',
    notice: {
      what: 'To arrange duties we use your name, contact details, unit, qualifications and availability, and your answers and service records.',
      why: 'Only for rostering, messages, cover, handovers and records of service; for nothing else, and nobody outside is given them without your separate consent.',
      who: 'Only organizers of your unit and of the units above it see them. Those on duty with you see your surname only.',
      long: 'What was gathered for an emergency is destroyed when it is over, except the service records that the law wants kept.',
      rights:
        'You may ask your organizer to show, correct, copy or delete your data; you may withdraw consent and stop messages.',
      links:
        'Links and codes in messages are for you alone; please do not pass them on. Opening a link changes nothing.',
    },
  },
})
