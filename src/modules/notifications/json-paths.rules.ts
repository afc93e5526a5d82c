/** What stands at 'path.to.field'; '' is the whole. */
export function fieldAt(json: unknown, path: string): unknown {
  let value = json
  for (const key of path ? path.split('.') : []) value = (value as Record<string, unknown> | null | undefined)?.[key]
  return value
}

/** The two sides of 'path.to.field=value'. */
export const pathAndValue = (text: string): [string, string] => [
  text.slice(0, text.indexOf('=')),
  text.slice(text.indexOf('=') + 1),
]
