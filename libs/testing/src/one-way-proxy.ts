import { connect, createServer, type Server, type Socket } from 'node:net'

/** What becomes of a frame: `hold` keeps it, and all behind it, until `release`. */
export type Fate = 'pass' | 'drop' | 'hold'

export interface ProxyOptions {
  /** host:port */
  readonly target: string
  /** Where it listens; 0 for any port. */
  readonly port?: number
  /** The length of the frame that the bytes begin with; undefined while too little of it is there. Without it what comes at once is a frame. */
  readonly frameLength?: (bytes: Buffer) => number | undefined
}

type Direction = 'requests' | 'answers'

/**
 * Stands between a client and a server, and decides for each direction alone what gets through: an answer that is dropped
 * was still worked for. The rules may be changed at any time.
 */
export class OneWayProxy {
  /** From the client to the server. */
  onRequest: (frame: Buffer, connection: number) => Fate = () => 'pass'
  /** From the server to the client. */
  onAnswer: (frame: Buffer, connection: number) => Fate = () => 'pass'
  readonly #options: Required<ProxyOptions>
  readonly #lanes = new Set<Lane>()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #connections = 0
  #port: number

  constructor({ frameLength = (bytes) => bytes.length, port = 0, ...options }: ProxyOptions) {
    this.#options = { ...options, frameLength, port }
    this.#port = port
  }

  get port(): number {
    return this.#port
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Listens, on the same port each time; answers its address. */
  async open(): Promise<string> {
    const server = createServer((client) => { this.#join(client) })
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve))
    this.#server = server
    const address = server.address()
    if (typeof address === 'object' && address !== null) this.#port = address.port
    return this.address
  }

  /** Lets go what is held; the rules apply to it again. */
  release(): void {
    for (const lane of this.#lanes) lane.go()
  }

  /** Cuts every connection, and takes new ones all the same. */
  cut(): void {
    // Not by a reset: Node never lets go of a socket that is reset in the middle of its end, and then turns for ever instead of exiting.
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Cuts every connection and takes no more. */
  async shut(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise((resolve) => server.close(resolve))
    this.cut()
    await closed
  }

  #join(client: Socket): void {
    const [host = '', port] = this.#options.target.split(':')
    const upstream = connect({ host, port: Number(port) })
    const connection = ++this.#connections
    const lanes = [this.#lane('requests', { from: client, to: upstream, connection }), this.#lane('answers', { from: upstream, to: client, connection })]
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => { socket.destroy() })
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
        this.#sockets.delete(socket)
        for (const lane of lanes) this.#lanes.delete(lane)
      })
    }
  }

  #lane(direction: Direction, { from, to, connection }: { from: Socket; to: Socket; connection: number }): Lane {
    const lane = new Lane(this.#options.frameLength, to, (frame) => direction === 'requests' ? this.onRequest(frame, connection) : this.onAnswer(frame, connection))
    this.#lanes.add(lane)
    from.on('data', (bytes) => { lane.take(bytes) })
    return lane
  }
}

/** One direction of one connection. */
class Lane {
  #bytes: Buffer = Buffer.alloc(0)

  constructor(private readonly frameLength: Required<ProxyOptions>['frameLength'], private readonly to: Socket, private readonly decide: (frame: Buffer) => Fate) {}

  take(bytes: Buffer): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    this.go()
  }

  go(): void {
    for (;;) {
      const length = this.#bytes.length === 0 ? undefined : this.frameLength(this.#bytes)
      if (length === undefined || length > this.#bytes.length) return
      const frame = this.#bytes.subarray(0, length)
      const fate = this.decide(frame)
      if (fate === 'hold') return
      this.#bytes = this.#bytes.subarray(length)
      if (fate === 'pass' && !this.to.destroyed) this.to.write(frame)
    }
  }
}
