import { catalogue } from '../../platform/texts/catalogue.ts'
import type { SHEET_STATES } from '../attendance/attendance.schemas.ts'
import type { ATTENDANCE_SOURCES } from '../attendance/attendance.tables.ts'
import type { ReportState } from '../duty-reports/duty-reports.states.ts'
import type { HandoverState } from '../handovers/handovers.types.ts'
import type { SHIFT_KINDS } from '../posts/posts.tables.ts'
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
  attendance: {
    title: string
    columns: Words
    kinds: Record<(typeof SHIFT_KINDS)[number], string>
    states: Record<(typeof SHEET_STATES)[number], string>
    sources: Record<(typeof ATTENDANCE_SOURCES)[number], string>
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
        reportCount: '随交报告数',
        reports: '随交报告',
        reportsReadBy: '报告阅知',
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
    attendance: {
      title: '考勤表',
      columns: {
        day: '值班日期',
        unit: '单位',
        post: '岗位',
        role: '角色',
        kind: '类别',
        personNumber: '人员编号',
        name: '姓名',
        personClass: '人员类别',
        plannedStart: '计划开始',
        plannedEnd: '计划结束',
        checkedIn: '签到时间',
        checkedOut: '签退时间',
        minutes: '在岗分钟',
        standbyMinutes: '备勤分钟',
        lateMinutes: '迟到分钟',
        earlyExitMinutes: '早退分钟',
        state: '状态',
        inSource: '签到方式',
        outSource: '签退方式',
        verifiedBy: '核验人',
        zone: '时区',
        dutyId: '排班编号',
      },
      kinds: { active: '值守', standby: '备勤' },
      states: {
        confirmed: '未签到',
        serving: '值班中',
        completed: '已完成',
        no_show: '未到岗',
        excused: '已准假',
      },
      sources: { api: '管理员登记', link: '链接', code: '岗位码', correction: '更正' },
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
        languages: '语言',
        home: '住址坐标',
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
        reportCount: 'Reports handed over',
        reports: 'Names of reports',
        reportsReadBy: 'Reports read by',
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
    attendance: {
      title: 'Attendance sheet',
      columns: {
        day: 'Duty day',
        unit: 'Unit',
        post: 'Post',
        role: 'Role',
        kind: 'Kind',
        personNumber: 'Person number',
        name: 'Name',
        personClass: 'Class',
        plannedStart: 'Planned start',
        plannedEnd: 'Planned end',
        checkedIn: 'Checked in',
        checkedOut: 'Checked out',
        minutes: 'Minutes',
        standbyMinutes: 'Of these standby',
        lateMinutes: 'Minutes late',
        earlyExitMinutes: 'Minutes left early',
        state: 'State',
        inSource: 'In by',
        outSource: 'Out by',
        verifiedBy: 'Verified by',
        zone: 'Time zone',
        dutyId: 'Duty id',
      },
      kinds: { active: 'Duty', standby: 'Standby' },
      states: {
        confirmed: 'Not checked in',
        serving: 'On duty',
        completed: 'Completed',
        no_show: 'Did not come',
        excused: 'Excused',
      },
      sources: { api: 'Organizer', link: 'Link', code: 'Code at the post', correction: 'Correction' },
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
        languages: 'Languages',
        home: 'Home',
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
