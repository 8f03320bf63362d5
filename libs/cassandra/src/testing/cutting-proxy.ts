import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** In the header of a frame, see native_protocol_v4.spec of Cassandra, section 2. */
const opcodeAt = 4

/** Stands between a session and Cassandra, and can be shut, or swallow all answers. */
export class CuttingProxy {
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #port = 0
  swallowsAnswers = false
  /** Begin to swallow with the first request of this kind: the opcode of the CQL binary protocol, 13 for a batch. */
  swallowsFrom: number | undefined

  constructor(private readonly target: string) {}

  /** Opens on the same port each time. */
  async open(): Promise<string> {
    const [host = '', port] = this.target.split(':')
    const server = createServer((client) => {
      const upstream = connect({ host, port: Number(port) })
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket)
        socket.on('error', () => { socket.destroy() })
        socket.on('close', () => {
          client.destroy()
          upstream.destroy()
          this.#sockets.delete(socket)
        })
      }
      client.on('data', (request) => {
        if (request[opcodeAt] === this.swallowsFrom) this.swallowsAnswers = true
        upstream.write(request)
      })
      upstream.on('data', (data) => { if (!this.swallowsAnswers) client.write(data) })
    })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve))
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    return `127.0.0.1:${this.#port}`
  }

  /** Cuts every connection and takes no more. */
  async shut(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
