import type { Random } from '../../src/solver/random.ts'

export interface PersonName {
  displayName: string
  /** The reading, surname first: Chinese characters have no useful order of their own. */
  sortName: string
}

type Syllable = readonly [character: string, reading: string]

const parse = (list: string): Syllable[] =>
  list
    .trim()
    .split(/\s+/)
    .map((pair) => [pair.slice(0, 1), pair.slice(1)])

const SURNAMES = parse(`
  王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin
  罗luo 高gao 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 邓deng 韩han 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong
  潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lyu 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong
  姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai 单shan 仇qiu
`)

const FIRST_SYLLABLES = parse(`
  安an 书shu 景jing 若ruo 清qing 思si 嘉jia 承cheng 知zhi 云yun 亦yi 沐mu 予yu 允yun 闻wen 立li 修xiu 明ming 望wang 远yuan
  怀huai 以yi 言yan 守shou 汝ru 星xing 千qian 舒shu 松song 泊bo
`)

const SECOND_SYLLABLES = parse(`
  宁ning 和he 桥qiao 川chuan 禾he 舟zhou 澜lan 岚lan 棠tang 朗lang 岑cen 溪xi 屿yu 珩heng 筠yun 圃pu 椿chun 砚yan 榆yu 畅chang
  初chu 微wei 然ran 渡du 庭ting 泽ze 麦mai 谷gu 禄lu 恬tian
`)

const pick = <T>(list: readonly T[], random: Random): T => list[random.below(list.length)]!

/** A name put together by chance; it means nobody. */
export function inventName(random: Random): PersonName {
  const surname = pick(SURNAMES, random)
  const given = [pick(FIRST_SYLLABLES, random), pick(SECOND_SYLLABLES, random)]
  return {
    displayName: surname[0] + given.map(([character]) => character).join(''),
    sortName: `${surname[1]} ${given.map(([, reading]) => reading).join('')}`,
  }
}

/** Numbers that begin with 100 are given to nobody in China. */
export const fictionalPhone = (number: number): string => `100${String(number).padStart(8, '0')}`
export const fictionalEmail = (name: string): string => `${name.toLowerCase()}@example.org`
