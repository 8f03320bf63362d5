import { connect } from 'node:net'

/**
 * Opens a connection to 127.0.0.1 and lets `talk(send, receive)` hold a conversation: `receive(n)` answers the next n bytes.
 * Fails when the other side is silent for two seconds, or hangs up.
 */
export const exchange = (port, talk) => new Promise((resolve, reject) => {
  const socket = connect({ host: '127.0.0.1', port })
  let bytes = Buffer.alloc(0)
  let waiting
  const fail = (error) => { socket.destroy(); reject(error) }
  const serve = () => {
    if (waiting === undefined || bytes.length < waiting.count) return
    const part = bytes.subarray(0, waiting.count)
    bytes = bytes.subarray(waiting.count)
    const { give } = waiting
    waiting = undefined
    give(part)
  }
  socket.setTimeout(2_000, () => fail(new Error(`port ${port} is silent`)))
  socket.on('error', fail)
  socket.on('close', () => fail(new Error(`port ${port} hung up`)))
  socket.on('data', (chunk) => { bytes = Buffer.concat([bytes, chunk]); serve() })
  const receive = (count) => new Promise((give) => { waiting = { count, give }; serve() })
  talk((buffer) => socket.write(buffer), receive).then((answer) => { resolve(answer); socket.destroy() }, fail)
})
