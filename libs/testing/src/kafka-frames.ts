/** What stands at the beginning of Kafka's requests and answers (https://kafka.apache.org/protocol, "Protocol Primitive Types", request header v1). */

/** The length of the frame that begins here, its own four bytes with it. */
export const kafkaFrameLength = (bytes: Buffer): number | undefined => bytes.length < 4 ? undefined : 4 + bytes.readInt32BE(0)

export const produceKey = 0
export const offsetCommitKey = 8

/** Of a request frame. */
export const apiKeyOf = (request: Buffer): number => request.readInt16BE(4)
export const correlationOf = (request: Buffer): number => request.readInt32BE(8)

/** Of an answer's frame: the number of the request that it answers. */
export const answeredCorrelationOf = (answer: Buffer): number => answer.readInt32BE(4)
