export type Language = 'zh' | 'en'

/** service: hours given as a volunteer. duty: hours on duty of everybody else. */
export const CERTIFICATE_LANGUAGES = ['zh', 'en'] as const
export const CERTIFICATE_KINDS = ['service', 'duty'] as const
export type CertificateKind = (typeof CERTIFICATE_KINDS)[number]

/** All that stands on the paper, as it was when it was issued. */
export interface CertificateFacts {
  name: string
  personNumber: string | null
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
