import { promisify } from 'node:util'
import { deflateRawSync, gunzip, gzip } from 'node:zlib'
import type { LetterMark, SeenRow, StreamMove } from '@millrace/cassandra'
import type { TopicSend, WireRecord } from '@millrace/kafka'

/** A page as it is written ahead: everything that is needed to finish it, by whomever. */
export interface Page {
  readonly sends: readonly TopicSend[]
  readonly seen: readonly SeenRow[]
  readonly seenTtlSeconds: number
  /** Without what only the publishing shows: offsets and the lease. */
  readonly move: Omit<StreamMove, 'publishedOffsets' | 'leaseUntil'>
  /** What a redrive has made of its letters. */
  readonly marks?: readonly LetterMark[]
}

interface Head {
  readonly format: 1
  readonly sends: readonly { readonly topic: string; readonly records: readonly { readonly key: number; readonly value: number; readonly headers?: Record<string, string> }[] }[]
  readonly seen: readonly { readonly bucket: string; readonly ids: string; readonly contents: string }[]
  readonly seenTtlSeconds: number
  readonly move: Page['move']
  readonly marks?: readonly LetterMark[]
}

/** How the bytes of a page are made smaller, and whole again; and what is kept beside its ids. */
export interface Packing {
  readonly pack: (bytes: Buffer) => Promise<Buffer>
  readonly unpack: (bytes: Buffer) => Promise<Buffer>
  readonly deflate: (text: string) => Buffer
}

const [zip, unzip] = [promisify(gzip), promisify(gunzip)]

export const gzipped: Packing = { pack: (bytes) => zip(bytes, { level: 1 }), unpack: (bytes) => unzip(bytes), deflate: (text) => deflateRawSync(text) }

/**
 * The page in bytes:
 *
 *     gzip( length of head (4 bytes, big endian) | head (JSON) | key, value, key, value, … )
 *
 * The head tells the topic, lengths and headers of each record in order; ids are base64url.
 */
export async function encodePage(page: Page, { pack }: Pick<Packing, 'pack'> = gzipped): Promise<Buffer> {
  const head: Head = {
    format: 1,
    sends: page.sends.map(({ topic, messages }) => ({ topic, records: messages.map(({ key, value, headers }) => ({ key: key.length, value: value.length, ...(headers && { headers: { ...headers } }) })) })),
    seen: page.seen.map(({ bucket, ids, contents }) => ({ bucket, ids: ids.toString('base64url'), contents: contents.toString('base64url') })),
    seenTtlSeconds: page.seenTtlSeconds,
    move: page.move,
    ...(page.marks && { marks: page.marks }),
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  return await pack(Buffer.concat([length, text, ...page.sends.flatMap(({ messages }) => messages.flatMap(({ key, value }) => [key, value]))]))
}

export async function decodePage(content: Buffer, { unpack }: Pick<Packing, 'unpack'> = gzipped): Promise<Page> {
  const bytes = await unpack(content)
  const start = 4 + bytes.readUInt32BE(0)
  const head = JSON.parse(bytes.toString('utf8', 4, start)) as Head
  let at = start
  const take = (length: number): Buffer => bytes.subarray(at, (at += length))
  return {
    sends: head.sends.map(({ topic, records }) => ({
      topic,
      messages: records.map(({ key, value, headers }): WireRecord => ({ key: take(key), value: take(value), ...(headers && { headers }) })),
    })),
    seen: head.seen.map(({ bucket, ids, contents }) => ({ bucket, ids: Buffer.from(ids, 'base64url'), contents: Buffer.from(contents, 'base64url') })),
    seenTtlSeconds: head.seenTtlSeconds,
    move: head.move,
    ...(head.marks && { marks: head.marks }),
  }
}
