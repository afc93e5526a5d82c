import type { Parcel } from '../../../../src/modules/notifications/notifications.types.ts'

export const parcel = (changes: Partial<Parcel> = {}): Parcel => ({
  messageId: '01a20224-3eb9-7f93-8629-9c2b7e62ab97',
  volunteerId: '01a20224-3eb9-7f93-8629-9c2b7e62ab98',
  template: 'offer',
  subjectId: '01a20224-3eb9-7f93-8629-9c2b7e62ab99',
  to: 'zhang.san',
  tongue: 'zh',
  subject: '您能来值班吗？',
  text: '张三您好，请答复：\nhttps://duty.example.org/o/secret',
  link: 'https://duty.example.org/o/secret',
  ...changes,
})

export const withoutLink = (changes: Partial<Parcel> = {}): Parcel => {
  const { link: _link, ...rest } = parcel({ text: '张三您好，已有人接下。', ...changes })
  return rest
}

/** For channels that are tested alone: nobody keeps book. */
export const leaving = async (): Promise<void> => {}
