import { waitUntil } from '@millrace/service'

/** One event of a stream, its data read as JSON. */
export interface StreamedEvent {
  readonly type: string
  readonly id: string
  readonly data: Readonly<Record<string, unknown>>
}

const deadlineMs = 10_000

/** Whether nobody answers, or who did has gone: fetch says it with a TypeError, which in Jest is one of another realm. */
export const isBrokenOff = (error: unknown): boolean => typeof error === 'object' && error !== null && 'name' in error && error.name === 'TypeError'

/** A connection that keeps all the server-sent events it is sent (the format: https://html.spec.whatwg.org/multipage/server-sent-events.html). Close it after the test. */
export class EventStream {
  readonly events: StreamedEvent[] = []
  /** Resolves when it was closed, or the other side has ended it or broken it off. */
  readonly ended: Promise<void>

  private constructor(readonly response: Response, private readonly closing: AbortController, private readonly onEvent: (event: StreamedEvent) => void) {
    this.ended = response.ok ? this.#read() : Promise.resolve()
  }

  /** Connects. An answer that is no stream is left to the caller in `response`. */
  static async open(url: string, headers: Readonly<Record<string, string>> = {}, onEvent: (event: StreamedEvent) => void = () => undefined): Promise<EventStream> {
    const closing = new AbortController()
    return new EventStream(await fetch(url, { headers, signal: closing.signal }), closing, onEvent)
  }

  of(type: string): StreamedEvent[] {
    return this.events.filter((event) => event.type === type)
  }

  /** Waits until so many events of the type have come in all, and answers the last of them. */
  async until(type: string, count: number): Promise<StreamedEvent> {
    return waitUntil(() => this.of(type)[count - 1], { deadlineMs, what: `${count} events '${type}'` })
  }

  close(): void {
    this.closing.abort()
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    let text = ''
    try {
      for await (const chunk of this.response.body ?? []) {
        const parts = (text + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
        text = parts.pop() ?? ''
        for (const event of parts.flatMap(eventIn)) {
          this.events.push(event)
          this.onEvent(event)
        }
      }
    } catch (error) {
      if (!this.closing.signal.aborted && !isBrokenOff(error)) throw error
    }
  }
}

/** A comment is no event. */
function eventIn(part: string): StreamedEvent[] {
  const fields = new Map(part.split('\n').filter((line) => line.includes(':')).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]))
  const data = fields.get('data')
  return data === undefined ? [] : [{ type: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data: JSON.parse(data) as Record<string, unknown> }]
}
