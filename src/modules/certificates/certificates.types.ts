export type Language = 'zh' | 'en'

/** service: hours given as a volunteer. duty: hours on duty of everybody else. */
export const CERTIFICATE_LANGUAGES = ['zh', 'en'] as const
export const CERTIFICATE_KINDS = ['service', 'duty'] as const
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number]

/** What a person shows who they are with. */
export const DOCUMENT_TYPES = ['id-card', 'passport', 'hk-macao-permit', 'taiwan-permit', 'other'] as const
export type DocumentType = (typeof DOCUMENT_TYPES)[number]

/** All that stands on the paper, as it was when it was issued. */
export interface CertificateFacts {
  name: string
  personNumber: string | null
  /** Its number as it is printed: masked, unless the holder wanted it whole. None on older papers. */
  document?: { type: DocumentType; number: string } | null
  issuer: string
  /** Who answers for the issuer, first in the chain of responsible people. */
  inCharge: { name: string; title: string | null; contact: string | null } | null
  minutes: number
  duties: number
  posts: { name: string; duties: number; minutes: number }[]
  /** Of the issuer, for the days of issue and revocation. */
  zone: string
  issuedOn: string
  /** Address of the page that says whether the paper is valid. */
  verifyUrl: string
}
