import { exchange } from './exchange.mjs'

const text = (value) => Buffer.concat([Buffer.from([value.length >> 8, value.length & 255]), Buffer.from(value)])
const int32 = (value) => { const out = Buffer.alloc(4); out.writeInt32BE(value); return out }

/**
 * Asks a broker for its metadata and expects it to name at least one broker and a controller.
 *
 *     Metadata Request (Version: 1)  => [topics]; an empty array is "no topics"
 *     Metadata Response (Version: 1) => [brokers] controller_id [topics]
 *       brokers => node_id INT32, host STRING, port INT32, rack NULLABLE_STRING
 */
export const probeKafka = (port) => exchange(port, async (send, receive) => {
  const [metadata, version, correlation] = [3, 1, 7]
  const body = Buffer.concat([Buffer.from([0, metadata, 0, version]), int32(correlation), text('launcher'), int32(0)])
  send(Buffer.concat([int32(body.length), body]))
  const answer = await receive((await receive(4)).readInt32BE())
  if (answer.readInt32BE(0) !== correlation) throw new Error(`port ${port} answers, but not as a Kafka broker does`)
  const brokers = answer.readInt32BE(4)
  let at = 8
  for (let i = 0; i < brokers; i++) {
    at += 4
    at += 2 + answer.readInt16BE(at) + 4
    at += 2 + Math.max(0, answer.readInt16BE(at))
  }
  if (brokers < 1 || answer.readInt32BE(at) < 0) throw new Error('the broker answers, but is not registered yet')
})
