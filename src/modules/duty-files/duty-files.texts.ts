import { catalogue } from '../../platform/texts/catalogue.ts'
import type { ReportState } from '../duty-reports/duty-reports.states.ts'
import type { HandoverState } from '../handovers/handovers.types.ts'
import type { PERSON_CLASSES } from '../volunteers/volunteers.tables.ts'

type Words = Record<string, string>

interface Texts {
  language: string
  handovers: { title: string; columns: Words; states: Record<HandoverState, string> }
  reports: {
    title: string
    columns: Words
    states: Record<ReportState, string>
    nil: string
    content: string
    yes: string
    no: string
  }
  people: { title: string; columns: Words; classes: Record<(typeof PERSON_CLASSES)[number], string> }
  period: (from: string, lastDay: string) => string
  printed: (at: string) => string
  page: (page: number, pages: number) => string
  missing: (codes: string) => string
  signatures: string[]
  seal: string
}

export const TEXTS = catalogue<Texts>('duty-files', {
  zh: {
    language: 'zh-CN',
    handovers: {
      title: '交接班记录',
      columns: {
        unit: '单位',
        post: '岗位',
        planned: '计划时间',
        actual: '实际时间',
        state: '状态',
        outgoing: '交班人员',
        incoming: '接班人员',
        supervisor: '带班领导',
        situation: '情况概述',
        traffic: '人员进/出，车辆进/出',
        events: '异常情况',
        matters: '待办事项',
        supplies: '物资清点',
        faults: '设备故障',
        instructions: '上级指示',
        weather: '天气',
        outgoingSigned: '交班签字',
        incomingSigned: '接班签字',
        relief: '未按时接班',
        seen: '带班查看',
      },
      states: {
        due: '待交接',
        outgoing_signed: '交班已签',
        complete: '已完成',
        overdue: '逾期未接',
      },
    },
    reports: {
      title: '报送情况',
      columns: {
        day: '日期',
        unit: '单位',
        obligation: '报送事项',
        post: '岗位',
        due: '截止时间',
        zone: '时区',
        state: '状态',
        kind: '零报告',
        firstFiled: '首次报送',
        lastFiled: '最近报送',
        filings: '报送次数',
        filedBy: '报送人',
        read: '已阅/接收',
        content: '内容',
        note: '备注',
      },
      states: { due: '待报', filed: '已报', late: '逾期', filed_late: '迟报', missing: '未报' },
      nil: '零报告',
      content: '有内容',
      yes: '是',
      no: '否',
    },
    people: {
      title: '人员名册',
      columns: {
        personNumber: '人员编号',
        name: '姓名',
        unit: '所属单位',
        personClass: '人员类别',
        grade: '职级',
        phone: '手机号',
        email: '邮箱',
        qualifications: '资格',
        joinedOn: '加入日期',
        leftOn: '离开日期',
      },
      classes: {
        volunteer: '志愿者',
        staff: '工作人员',
        secondedCadre: '下沉干部',
        police: '公安',
        medical: '医务人员',
      },
    },
    period: (from, lastDay) => `${from}至${lastDay}`,
    printed: (at) => `打印于${at}`,
    page: (page, pages) => `第${page}页，共${pages}页`,
    missing: (codes) => `缺字：${codes}`,
    signatures: ['制表', '审核', '日期'],
    seal: '（公章）',
  },
  en: {
    language: 'en',
    handovers: {
      title: 'Handover log',
      columns: {
        unit: 'Unit',
        post: 'Post',
        planned: 'Planned',
        actual: 'Actual',
        state: 'State',
        outgoing: 'Outgoing crew',
        incoming: 'Incoming crew',
        supervisor: 'Duty supervisor',
        situation: 'Situation',
        traffic: 'People in/out, vehicles in/out',
        events: 'Abnormal events',
        matters: 'Open matters',
        supplies: 'Supplies',
        faults: 'Equipment faults',
        instructions: 'Instructions',
        weather: 'Weather',
        outgoingSigned: 'Outgoing signed',
        incomingSigned: 'Incoming signed',
        relief: 'Relief missing',
        seen: 'Seen by',
      },
      states: {
        due: 'Due',
        outgoing_signed: 'Outgoing signed',
        complete: 'Complete',
        overdue: 'Overdue',
      },
    },
    reports: {
      title: 'Report board',
      columns: {
        day: 'Day',
        unit: 'Unit',
        obligation: 'Report',
        post: 'Post',
        due: 'Deadline',
        zone: 'Time zone',
        state: 'State',
        kind: 'Nil',
        firstFiled: 'First filed',
        lastFiled: 'Last filed',
        filings: 'Filings',
        filedBy: 'Filed by',
        read: 'Read/receivers',
        content: 'Content',
        note: 'Note',
      },
      states: { due: 'Due', filed: 'Filed', late: 'Late', filed_late: 'Filed late', missing: 'Missing' },
      nil: 'Nil return',
      content: 'With content',
      yes: 'yes',
      no: 'no',
    },
    people: {
      title: 'People',
      columns: {
        personNumber: 'Person number',
        name: 'Name',
        unit: 'Unit',
        personClass: 'Class',
        grade: 'Grade',
        phone: 'Phone',
        email: 'E-mail',
        qualifications: 'Qualifications',
        joinedOn: 'Joined on',
        leftOn: 'Left on',
      },
      classes: {
        volunteer: 'Volunteer',
        staff: 'Staff',
        secondedCadre: 'Seconded cadre',
        police: 'Police',
        medical: 'Medical',
      },
    },
    period: (from, lastDay) => `${from} to ${lastDay}`,
    printed: (at) => `Printed ${at}`,
    page: (page, pages) => `page ${page} of ${pages}`,
    missing: (codes) => `Characters without a glyph: ${codes}`,
    signatures: ['Prepared by', 'Checked by', 'Date'],
    seal: '(official seal)',
  },
})
