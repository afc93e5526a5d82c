import { createRandom, type Random } from '../../src/solver/random.ts'
import { fictionalEmail, fictionalPhone, inventName } from './names.ts'

export type UnitKind = 'department' | 'hospital' | 'township' | 'community' | 'company'

export interface ScenarioUnit {
  code: string
  /** null: the city command itself. */
  parentCode: string | null
  kind: UnitKind | 'command'
  name: string
  /** Who answers for the unit, first to be told first. */
  responsibles: { name: string; title: string; phone: string; email: string }[]
}

export const COMMAND_CODE = 'CMD'
const CITY = '青泽市'

const split = (list: string) => list.trim().split(/\s+/)

const NAMES: Record<Exclude<UnitKind, 'community'>, string[]> = {
  department: split(`
    发展和改革局 教育局 科学技术局 工业和信息化局 民政局 司法局 财政局 人力资源和社会保障局 自然资源局 生态环境局
    住房和城乡建设局 交通运输局 水务局 农业农村局 商务局 文化和旅游局 卫生健康局 退役军人事务局 应急管理局 审计局
    市场监督管理局 体育局 统计局 医疗保障局 城市管理局 林业和园林局 信访局 机关事务管理局 档案馆 图书馆
    行政审批局 大数据局 粮食和物资储备局 气象局
  `),
  hospital: split('第一人民医院 第二人民医院 中医院 妇幼保健院 疾病预防控制中心 急救中心'),
  township: split('云溪镇 石桥镇 松岗镇 白鹭镇 南坪镇 枫林镇 长堤镇 柳河镇 双泉镇 东陂镇 竹塘乡 青岭乡'),
  company: split(`
    供水公司 供电公司 燃气公司 公交公司 客运公司 城建集团 环卫公司 粮油公司 物流公司 通信公司
    农商银行 纺织厂 机械厂 食品厂 建材厂 印刷厂
  `),
}
const COMMUNITIES = ['东社区', '西社区']

const TITLES: Record<ScenarioUnit['kind'], string[]> = {
  command: ['指挥长', '副指挥长', '值班联络员'],
  department: ['局长', '分管副局长', '联络员'],
  hospital: ['院长', '分管副院长', '联络员'],
  township: ['镇长', '分管副镇长', '联络员'],
  community: ['社区书记', '社区副书记', '网格联络员'],
  company: ['总经理', '分管副总经理', '联络员'],
}

const CODES: Record<UnitKind, string> = { department: 'D', hospital: 'H', township: 'T', community: 'S', company: 'C' }
const codeOf = (kind: UnitKind, index: number) => `${CODES[kind]}${String(index + 1).padStart(2, '0')}`

type Bare = Omit<ScenarioUnit, 'responsibles'>

function bareUnits(): Bare[] {
  const below = (kind: Exclude<UnitKind, 'community'>): Bare[] =>
    NAMES[kind].map((name, index) => ({
      code: codeOf(kind, index),
      parentCode: COMMAND_CODE,
      kind,
      name: kind === 'township' ? name : `${CITY}${name}`,
    }))
  const townships = below('township')
  const communities = townships.flatMap((township, index) =>
    COMMUNITIES.map(
      (name, side): Bare => ({
        code: codeOf('community', index * COMMUNITIES.length + side),
        parentCode: township.code,
        kind: 'community',
        name: township.name.slice(0, -1) + name,
      }),
    ),
  )
  const command: Bare = { code: COMMAND_CODE, parentCode: null, kind: 'command', name: `${CITY}指挥部` }
  return [command, ...below('department'), ...below('hospital'), ...townships, ...communities, ...below('company')]
}

function responsiblesOf(unit: Bare, index: number, random: Random): ScenarioUnit['responsibles'] {
  return TITLES[unit.kind].map((title, place) => ({
    name: inventName(random).displayName,
    title,
    phone: fictionalPhone(9_000_000 + index * 10 + place),
    email: fictionalEmail(`${unit.code}-${place + 1}`),
  }))
}

/** The city command and the 92 units below it; parents come before their children. */
export function makeUnits(seed: number): ScenarioUnit[] {
  const random = createRandom(seed)
  return bareUnits().map((unit, index) => ({ ...unit, responsibles: responsiblesOf(unit, index, random) }))
}
