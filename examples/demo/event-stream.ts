/** The `data` of server-sent events, one after the other, until the stream ends. */
export async function* newsOf<T>(response: Response): AsyncGenerator<T> {
  let text = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part
    const events = text.split('\n\n')
    text = events.pop()!
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data: '))
      if (data.length > 0) yield JSON.parse(data.map((line) => line.slice('data: '.length)).join('\n')) as T
    }
  }
}
