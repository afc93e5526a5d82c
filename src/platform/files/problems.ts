export type FileProblemCode =
  | 'file-too-large'
  | 'too-many-rows'
  | 'unknown-encoding'
  | 'no-header'
  | 'duplicate-header'
  | 'missing-columns'

/** The file as a whole cannot be read; what is wrong in single rows comes with the rows. */
export class UnreadableFileError extends Error {
  readonly code: FileProblemCode

  constructor(code: FileProblemCode, message: string) {
    super(message)
    this.name = 'UnreadableFileError'
    this.code = code
  }
}
