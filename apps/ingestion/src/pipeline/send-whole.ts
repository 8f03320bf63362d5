import { isContentRefused, type AppendedRecords, type TopicSend, type TopicWriter, type WireRecord } from '@millrace/kafka'

/** What became of a send: all of it is on the topic, but for what the broker refuses for its content. */
export interface Sent {
  readonly appended: readonly AppendedRecords[]
  readonly refused: readonly WireRecord[]
}

/** Sends in order. What the broker refuses is halved until the very records are found; those around them are sent. */
export async function sendWhole(writer: Pick<TopicWriter, 'send'>, { topic, messages }: TopicSend): Promise<Sent> {
  try {
    return { appended: await writer.send({ topic, messages }), refused: [] }
  } catch (error) {
    if (!isContentRefused(error)) throw error
    if (messages.length <= 1) return { appended: [], refused: messages }
    const middle = Math.ceil(messages.length / 2)
    const first = await sendWhole(writer, { topic, messages: messages.slice(0, middle) })
    const rest = await sendWhole(writer, { topic, messages: messages.slice(middle) })
    return { appended: [...first.appended, ...rest.appended], refused: [...first.refused, ...rest.refused] }
  }
}

const leastBytes = 1_024

/** Sends a letter, of its bytes no more than the broker takes: why it is kept matters more than the last of them. */
export async function sendLetter(writer: Pick<TopicWriter, 'send'>, topic: string, letter: WireRecord): Promise<void> {
  for (let bytes = letter.value.length; ; bytes = Math.floor(bytes / 2)) {
    try {
      await writer.send({ topic, messages: [bytes === letter.value.length ? letter : shortened(letter, bytes)] })
      return
    } catch (error) {
      if (!isContentRefused(error) || bytes <= leastBytes) throw error
    }
  }
}

const shortened = (letter: WireRecord, bytes: number): WireRecord => ({
  ...letter,
  value: letter.value.subarray(0, bytes),
  headers: { ...letter.headers, detail: `${letter.headers?.['detail'] ?? ''} (the first ${bytes} of ${letter.value.length} bytes are kept)` },
})
