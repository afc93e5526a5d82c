import type { LocalDateTime } from '../../time/zones.ts'

/** What of a duty matters to its holder: when one of these is another than they were told, they are asked again. */
export interface Told {
  startLocal: LocalDateTime
  endLocal: LocalDateTime
  zone: string
  postName: string
  postAddress: string | null
  role: string
}
