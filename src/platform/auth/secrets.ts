import { createHash, randomBytes } from 'node:crypto'

/** 32 random bytes as 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is stored of a secret: enough to know it again, useless to who reads the table. The secrets have 256 bits, so a plain hash will do. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex')

export const KEY_PREFIX = 'wb_'
export const newApiKey = (): string => `${KEY_PREFIX}${newSecret()}`
