import { catalogue } from '../../platform/texts/catalogue.ts'

/** What text messages say of a swap, each in one: which duty, when and where, and the way in. */
export const SHORT = catalogue('swaps.short', {
  zh: {
    wishes: { give: '请您替班', trade: '想与您换班', cover: '请您替一段' },
    done: {
      takerGive: '换班生效，您值',
      askerGive: '换班生效，您无需值',
      takerTrade: '互换生效，您值',
      askerTrade: '互换生效，您值',
      takerCover: '换班生效，您值这一段',
      askerCover: '已有人替您这一段',
    },
    templates: {
      'swap-asked': '有人{wish}：{brief}，请到{address}输{code}答复',
      'swap-reminder': '提醒：有人{wish}：{brief}，请到{address}输{code}答复',
      'swap-still-open': '还没有人接，仍由您负责：{brief}，到{address}输{code}查看',
      'swap-accepted': '换班待批准，暂由原人负责：{brief}，到{address}输{code}查看',
      'swap-applied': '{done}：{brief}，到{address}输{code}查看',
      'swap-over': '换班未成，值班不变：{brief}，到{address}输{code}查看',
      'gap-taken': '谢谢您接下：{brief}，到{address}输{code}签到',
    },
  },
  en: {
    wishes: { give: 'asks you to take', trade: 'would like to trade', cover: 'asks you to stand this part:' },
    done: {
      takerGive: 'Yours now:',
      askerGive: 'No longer yours:',
      takerTrade: 'Traded, yours now:',
      askerTrade: 'Traded, yours now:',
      takerCover: 'This part is yours now:',
      askerCover: 'Somebody stands this part for you:',
    },
    templates: {
      'swap-asked': 'Somebody {wish} {brief}. Answer at {address} with {code}',
      'swap-reminder': 'Still open: somebody {wish} {brief}. Answer at {address} with {code}',
      'swap-still-open': 'Nobody has taken it, it is still yours: {brief}. See {address} with {code}',
      'swap-accepted': 'A swap waits for approval, nothing has changed yet: {brief}. See {address} with {code}',
      'swap-applied': '{done} {brief}. See {address} with {code}',
      'swap-over': 'The swap did not come about, nothing changes: {brief}. See {address} with {code}',
      'gap-taken': 'Thank you for taking {brief}. Check in at {address} with {code}',
    },
  },
})
