import { describe, expect, test } from 'vitest'
import { configuredChannels } from '../../../src/modules/notifications/channels/configured.ts'
import { type ConfigError, readConfig } from '../../../src/platform/config/config.ts'
import { systemClock } from '../../../src/time/clock.ts'

const namesWith = (environment: Record<string, string>) => {
  const address = { publicUrl: 'https://duty.example.org' }
  return configuredChannels({ config: readConfig(environment), clock: systemClock, address }).map(({ name }) => name)
}
const problemsOf = (environment: Record<string, string>) => {
  try {
    readConfig(environment)
    return []
  } catch (error) {
    return (error as ConfigError).problems.map((problem) => problem.split(':')[0])
  }
}

describe('a channel is open when its settings are there', () => {
  test('none by themselves', () => expect(namesWith({})).toEqual([]))
  test.each([
    ['wecom', { WECOM_CORP_ID: 'c', WECOM_AGENT_ID: '7', WECOM_SECRET: 's' }],
    ['sms', { SMS_URL: 'https://sms.example.org/send' }],
    ['wecom-robot', { WECOM_ROBOT_URL: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k' }],
    ['dingtalk-robot', { DINGTALK_ROBOT_URL: 'https://oapi.dingtalk.com/robot/send?access_token=t' }],
    ['feishu-robot', { FEISHU_ROBOT_URL: 'https://open.feishu.cn/open-apis/bot/v2/hook/h', FEISHU_ROBOT_SECRET: 's' }],
  ])('%s', (name, environment) => expect(namesWith(environment)).toEqual([name]))
})

test.each([
  ['WECOM_CORP_ID', { WECOM_CORP_ID: 'c' }],
  ['WECOM_CORP_ID', { WECOM_CORP_ID: 'c', WECOM_SECRET: 's' }],
  ['SMS_BODY', { SMS_BODY: 'to={to}&text={text}' }],
  ['SMS_BODY', { SMS_BODY: '{"to":"{to}"}' }],
  ['SMS_BODY', { SMS_BODY: '["{to}","{text}"]' }],
  ['SMS_ACCEPTED', { SMS_ACCEPTED: 'OK' }],
  ['SMS_URL', { SMS_URL: 'sms.example.org' }],
  ['TRUSTED_HOSTS', { TRUSTED_HOSTS: 'http://intranet/' }],
])('%s is refused as %j has it', (name, environment) => {
  expect(problemsOf(environment)).toEqual([name])
})

test('trusted hosts are a list', () => {
  expect(readConfig({ TRUSTED_HOSTS: 'Intranet.example, 10.0.0.5:8080' }).trustedHosts).toEqual([
    'intranet.example',
    '10.0.0.5:8080',
  ])
})
