import type { Config } from '../../../platform/config/config.ts'
import type { Clock } from '../../../time/clock.ts'
import type { Channel } from '../notifications.types.ts'
import { emailChannel } from './email.ts'
import { dingTalkRobot, feishuRobot, weComRobot } from './robots.ts'
import { smsChannel } from './sms.ts'
import { weComChannel } from './wecom.ts'

export interface ConfiguredDeps {
  config: Pick<Config, 'mail' | 'channels' | 'receiptSecrets' | 'smsReports'>
  clock: Clock
  address: { readonly publicUrl: string }
}

/** The channels that the settings open, besides the log. */
export function configuredChannels({ config, clock, address }: ConfiguredDeps): Channel[] {
  const { weCom, weComRobotUrl, dingTalk, feishu, sms } = config.channels
  return [
    ...(config.mail ? [emailChannel(config.mail)] : []),
    ...(weCom ? [weComChannel({ ...weCom, clock })] : []),
    ...(sms
      ? [
          smsChannel({
            ...sms,
            receipts: (config.receiptSecrets.sms ?? config.smsReports) !== undefined,
            fixedAddress: () => sms.address ?? `${address.publicUrl}/k`,
            clock,
          }),
        ]
      : []),
    ...(weComRobotUrl ? [weComRobot({ url: weComRobotUrl, clock })] : []),
    ...(dingTalk ? [dingTalkRobot({ ...dingTalk, clock })] : []),
    ...(feishu ? [feishuRobot({ ...feishu, clock })] : []),
  ]
}
