import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { UnreadableAnswer } from './unreadable-answer.ts'

/** What a page may weigh, as sent and unpacked. */
export const bodyLimits = { sentBytes: 10_485_760, unpackedBytes: 33_554_432 } as const

const unpackers = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate), br: promisify(brotliDecompress) } as const

/** Reads a body, never more of it than is allowed, and unpacks it, never to more than is allowed. */
export async function answerBytes(body: AsyncIterable<Uint8Array>, encoding: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    chunks.push(chunk)
    if (size > bodyLimits.sentBytes) throw tooLarge(`more than ${bodyLimits.sentBytes} bytes`, Buffer.concat(chunks))
  }
  const bytes = Buffer.concat(chunks)
  if (encoding === '' || encoding === 'identity') return bytes
  const unpack = unpackers[encoding as keyof typeof unpackers] as ((typeof unpackers)['gzip'] | undefined)
  if (!unpack) throw new UnreadableAnswer('source_answer_unreadable', `The answer is encoded as ${encoding}; expected gzip, deflate, br or nothing.`, bytes)
  try {
    return await unpack(bytes, { maxOutputLength: bodyLimits.unpackedBytes })
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(`more than ${bodyLimits.unpackedBytes} bytes when unpacked`, bytes)
    throw new UnreadableAnswer('source_answer_unreadable', `The answer cannot be unpacked as ${encoding}.`, bytes, { cause: error })
  }
}

const tooLarge = (found: string, bytes: Buffer) => new UnreadableAnswer('source_answer_too_large', `The answer has ${found}. Declare a smaller pageSize.`, bytes)
