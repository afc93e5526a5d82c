import { type Locale, tongueOf } from '../../platform/texts/catalogue.ts'
import type { Tongue } from '../../time/words.ts'
import type { Loaded, MessageRow, Template } from './notifications.types.ts'
import { placeholdersOf } from './templates.rules.ts'

export const EXAMPLE_CODE = 'K7QM2X9D'
/** A link that leads to the page for dead links; as long as a real one. */
export const exampleLink = (publicUrl: string): string => `${publicUrl}/c/${'EXAMPLE-'.repeat(6).slice(0, 43)}`

type Values = Record<string, string>

const DUTY = [
  '12月25日（周五）20:30至26日20:30，城东卡点，值班员',
  'Fri 25 Dec 20:30 to Sat 26 Dec 20:30, East gate, guard',
] as const
const LONG_DUTY = [
  '12月25日（周五）20:30至26日20:30，城东高速路口联合检查卡点，现场总协调员',
  'Wednesday 25 November 20:30 to Thursday 26 November 20:30, Eastern motorway joint checkpoint, site coordinator',
] as const
const UNTIL = ['12月24日18:30', 'Thu 24 Dec 18:30'] as const
const LONG_UNTIL = ['12月24日（周四）18:30', 'Wednesday 25 November 20:30'] as const
const PERSON = ['李芳', 'Ben Shaw'] as const
const LONG_PERSON = ['阿依古丽·买买提', 'Alexandria Montgomery'] as const

/** Name of a placeholder, and what could stand there in Chinese and in English. */
const EXAMPLES: Record<string, readonly [string, string]> = {
  name: ['王小明', 'Ada Lee'],
  unit: ['城东街道', 'East district'],
  duty: DUTY,
  duties: [`\n- ${DUTY[0]}`, `\n- ${DUTY[1]}`],
  people: [`\n- ${PERSON[0]}：${DUTY[0]}`, `\n- ${PERSON[1]}: ${DUTY[1]}`],
  changes: [`\n- 原为: ${DUTY[0]}\n  现为: ${DUTY[0]}`, `\n- It was: ${DUTY[1]}\n  It is: ${DUTY[1]}`],
  taken: ['', ''],
  agreed: ['', ''],
  confirmBy: UNTIL,
  expiresAt: UNTIL,
  due: ['24日18:30', '24.12. 18:30'],
  start: ['12月25日20:30', '25.12. 20:30'],
  deadline: UNTIL,
  reactBy: UNTIL,
  answerBy: UNTIL,
  arriveBy: UNTIL,
  waitsUntil: UNTIL,
  day: ['12月25日', '25 December'],
  post: ['城东卡点', 'East gate'],
  person: PERSON,
  asker: PERSON,
  taker: PERSON,
  holder: PERSON,
  who: PERSON,
  names: ['李芳、赵强', 'Ben Shaw, Cleo Hart'],
  asked: ['12', '12'],
  count: ['3', '3'],
  missing: ['2', '2'],
  left: ['5', '5'],
  items: ['4', '4'],
  lapses: ['3', '3'],
  round: ['2', '2'],
  hours: [
    '\n- 12月25日(周五)20:30 至 12月26日(周六)20:30，城东卡点，值班员：24小时',
    '\n- Fri 25 Dec 20:30 to Sat 26 Dec 20:30, East gate, guard: 24 h',
  ],
  others: ['', ''],
  brief: ['12月25日20:30起24小时城东卡点值班', 'duty 25.12. 20:30, 24 h, East gate'],
  wish: ['请您替班', 'asks you to take'],
  done: ['换班生效，您无需值', 'No longer yours:'],
  briefHow: ['先到先得', 'First come, first served.'],
  time: ['20:15', '20:15'],
  details: ['\n同班：王** (值班员)', '\nWith you: Ada L. (guard)'],
  bring: ['雨具', 'a coat'],
  gaps: [`\n- ${DUTY[0]}`, `\n- ${DUTY[1]}`],
  tiers: ['- 第一梯队：已全部询问', '- First echelon: everybody was asked'],
  below: ['', ''],
  reason: ['防汛', 'flood'],
  because: ['情况属实', 'it is as you say'],
  decided: ['已通过', 'was accepted'],
  title: ['请确认您的值班', 'Please confirm your duty'],
  text: ['明天有雨，请带雨具。', 'Rain tomorrow; please bring a coat.'],
  ask: ['城东街道为您安排了以下值班：', 'East district asks you to stand these duties:'],
  how: ['请答复，无需说明理由：', 'Please answer; no reason is needed:'],
  silence: ['到时名额将转给候补。', 'Then they pass to the reserve. '],
  first: ['12月25日20:30起24小时城东卡点值班', 'duty 25.12. 20:30, 24 h, East gate'],
  more: ['', ''],
  receipt: ['3F8ZQ0WN', '3F8ZQ0WN'],
  state: ['不能参加', 'was withdrawn'],
  outcome: ['换班已生效。', 'The swap now holds.'],
  deal: [`${PERSON[0]}请您替班：\n${DUTY[0]}`, `${PERSON[1]} asks you to take a duty:\n${DUTY[1]}`],
  note: ['', ''],
  plan: ['独居老人走访', 'visits to people who live alone'],
  site: ['三单元501', 'Flat 501'],
  expected: ['1月5日(周一)08:00', 'Mon 5 Jan 08:00'],
  end: ['1月6日(周二)08:00', 'Tue 6 Jan 08:00'],
  planned: ['1月6日(周二)08:00', 'Tue 6 Jan 08:00'],
  period: ['1月5日(周一)08:00 至 1月6日(周二)08:00，共24小时', 'Mon 5 Jan 08:00 to Tue 6 Jan 08:00 (24 h)'],
  outgoing: ['王小明、李华', 'Ada Lovelace, Alan Turing'],
  incoming: ['张伟', 'Grace Hopper'],
  sites: ['- 三单元501', '- Flat 501'],
  campaign: ['入户走访', 'Door to door'],
  part: ['每日报告', 'Daily report'],
  partUnit: ['城东社区', 'East quarter'],
  amended: ['', ''],
  summary: ['在岗12人', '12 on duty'],
  at: UNTIL,
  by: PERSON,
  findings: ['- 灭火器已过期', '- The extinguisher is out of date'],
  tasks: ['- webhooks.deliver-event (3)', '- webhooks.deliver-event (3)'],
  since: UNTIL,
}

/** Long but plausible: a text has to fit with these. */
const LONGEST: Record<string, readonly [string, string]> = {
  name: LONG_PERSON,
  person: LONG_PERSON,
  asker: LONG_PERSON,
  taker: LONG_PERSON,
  holder: LONG_PERSON,
  unit: ['城东新区第二街道办事处', 'Eastern new district, second office'],
  duty: LONG_DUTY,
  duties: [`\n- ${LONG_DUTY[0]}`, `\n- ${LONG_DUTY[1]}`],
  people: [`\n- ${LONG_PERSON[0]}：${LONG_DUTY[0]}`, `\n- ${LONG_PERSON[1]}: ${LONG_DUTY[1]}`],
  post: ['城东高速路口卡点', 'East motorway gate'],
  first: ['12月25日20:30起24小时城东高速路口检查值班', 'duty 25.12. 20:30, 24.5 h, East mot'],
  brief: ['12月25日20:30起24小时城东高速路口检查值班', 'duty 25.12. 20:30, 24.5 h, East mot'],
  wish: ['想与您换班', 'asks you to stand this part:'],
  done: ['换班生效，您值这一段', 'Somebody stands this part for you:'],
  more: ['等12次', ' and 12 in all'],
  due: UNTIL,
  confirmBy: LONG_UNTIL,
  expiresAt: LONG_UNTIL,
  answerBy: LONG_UNTIL,
  deadline: LONG_UNTIL,
  asked: ['1200', '1200'],
  count: ['1200', '1200'],
}

const inTongue = (values: Record<string, readonly [string, string]>, tongue: Tongue): Values =>
  Object.fromEntries(Object.entries(values).map(([name, [zh, en]]) => [name, tongue === 'zh' ? zh : en]))

const namesIn = ({ texts, short }: Template): string[] =>
  [texts.zh, texts.en]
    .flatMap(({ subject, text }) => [subject, text])
    .concat(short ? [short.zh, short.en] : [])
    .flatMap(placeholdersOf)

/** Values as they could be; what nobody has thought of stands there by its name. */
export function examplesFor(template: Template, locale: Locale): Values {
  const known = inTongue(EXAMPLES, tongueOf(locale))
  return Object.fromEntries(['name', ...namesIn(template)].map((name) => [name, known[name] ?? `‹${name}›`]))
}

export const longestFor = (template: Template, locale: Locale): Values => ({
  ...examplesFor(template, locale),
  ...inTongue(LONGEST, tongueOf(locale)),
})

/** What a message of examples loads: a way in where the real one has one. */
export const exampleLoaded = (template: Template, message: MessageRow, now: Date): Loaded<unknown> => ({
  facts: {},
  ...(namesIn(template).some((name) => name === 'link' || name === 'code')
    ? { link: { purpose: 'confirmation', subjectId: message.subjectId, expiresAt: now, path: '/c' } }
    : {}),
})
