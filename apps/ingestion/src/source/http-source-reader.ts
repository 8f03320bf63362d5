import { spanMs, type SourceRequest, type StreamDeclaration } from '@millrace/stream-kit'
import { request, type Agent } from 'undici'
import { readSourceUrl, type SourceSettings } from '../ingestion.config.ts'
import { IngestionError, reasonOf } from '../ingestion.errors.ts'
import type { Place } from '../rules/position.ts'
import { answerProblem, header } from './answer-problem.ts'
import { answerBytes } from './answer-bytes.ts'
import { originalBytes } from './original-bytes.ts'
import { sourceAddress } from './source-address.ts'
import { sourceAgent } from './source-agent.ts'
import { UnreadableAnswer } from './unreadable-answer.ts'
import { SourceReader, type SourcePage } from './source-reader.ts'

/** Reads sources over HTTP. The source is not trusted: neither its address, nor its size, nor its haste, nor what it says. */
export class HttpSourceReader extends SourceReader {
  readonly #settings: SourceSettings
  readonly #agent: Agent
  readonly #addresses = new Map<string, URL>()

  constructor(settings: SourceSettings) {
    super()
    this.#settings = settings
    this.#agent = sourceAgent(settings)
  }

  override async read(stream: StreamDeclaration, place: Place, signal: AbortSignal): Promise<SourcePage> {
    const { source } = stream
    const { query, headers } = requestOf(stream, place)
    const url = this.#urlOf(stream, query)
    const timeoutMs = spanMs(source.timeout)
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const { answer, dateMs } = await this.#ask(url, headers, AbortSignal.any([signal, timeout]))
      const body = parse(answer)
      const items = itemsOf(stream, body, answer)
      return { url: url.href, items, ...originalBytes(answer, body, items), dateMs }
    } catch (error) {
      if (signal.aborted) throw signal.reason
      throw sourceError(error, { stream: stream.name, url, timeoutMs: timeout.aborted ? timeoutMs : null })
    }
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  #urlOf({ name, source }: StreamDeclaration, query: SourceRequest['query']): URL {
    const address = this.#addresses.get(name) ?? sourceAddress(name, readSourceUrl(name) ?? source.url, this.#settings)
    this.#addresses.set(name, address)
    const url = new URL(address)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, String(value))
    return url
  }

  async #ask(url: URL, headers: Readonly<Record<string, string>> = {}, signal: AbortSignal): Promise<{ answer: Buffer; dateMs: number | null }> {
    const response = await request(url, { dispatcher: this.#agent, signal, headersTimeout: 0, bodyTimeout: 0, headers: { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'millrace', ...headers } })
    const head = { status: response.statusCode, headers: response.headers }
    const problem = answerProblem(head, Date.now())
    if (problem) {
      response.body.on('error', () => undefined).destroy()
      throw problem
    }
    const answer = await answerBytes(response.body, header(head, 'content-encoding').trim().toLowerCase())
    const date = Date.parse(header(head, 'date'))
    return { answer, dateMs: Number.isNaN(date) ? null : date }
  }
}

function requestOf({ name, source }: StreamDeclaration, place: Place): SourceRequest {
  const { pageSize, range } = source
  try {
    if (!('range' in place)) return source.request({ cursor: place.cursor, page: place.page, pageSize })
    if (!range) throw new TypeError('there is none')
    return range({ from: new Date(place.range.from).toISOString(), to: new Date(place.range.to).toISOString(), page: place.page, pageSize })
  } catch (error) {
    throw new IngestionError('declaration_failed', `The ${'range' in place ? 'range' : 'request'} function of ${name} throws: ${reasonOf(error)}.`, { fields: { stream: name }, cause: error })
  }
}

function parse(answer: Buffer): unknown {
  try {
    return JSON.parse(answer.toString()) as unknown
  } catch (error) {
    throw new UnreadableAnswer('source_answer_unreadable', `The answer is not JSON: ${reasonOf(error)}.`, answer, { cause: error })
  }
}

function itemsOf({ name, source }: StreamDeclaration, body: unknown, answer: Buffer): readonly unknown[] {
  let items: unknown
  try {
    items = source.items(body)
  } catch (error) {
    throw new UnreadableAnswer('source_answer_unreadable', `The items function of ${name} cannot read the answer: ${reasonOf(error)}.`, answer, { cause: error })
  }
  if (!Array.isArray(items)) throw new UnreadableAnswer('source_answer_unreadable', `The items function of ${name} found no list in the answer.`, answer)
  return items
}

function sourceError(error: unknown, { stream, url, timeoutMs }: { stream: string; url: URL; timeoutMs: number | null }): IngestionError {
  const fields = { stream, host: url.host }
  if (timeoutMs !== null) return new IngestionError('source_unreachable', `The source of ${stream} at ${url.host} took longer than ${timeoutMs} ms.`, { fields, cause: error })
  if (error instanceof UnreadableAnswer) return new UnreadableAnswer(error.code, `${stream} at ${url.host}: ${error.message}`, error.answer, { fields: { ...error.fields, ...fields }, cause: error.cause, size: error.size })
  if (error instanceof IngestionError) return new IngestionError(error.code, `${stream} at ${url.host}: ${error.message}`, { fields: { ...error.fields, ...fields }, cause: error.cause })
  return new IngestionError('source_unreachable', `The source of ${stream} at ${url.host} does not answer (${reasonOf(error)}).`, { fields, cause: error })
}
