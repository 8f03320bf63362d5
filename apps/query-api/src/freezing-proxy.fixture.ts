import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** A TCP proxy that can stop to carry anything, as a suspended server does: connections stay, nobody answers. */
export interface FreezingProxy {
  readonly address: string
  freeze(): void
  thaw(): void
  close(): Promise<void>
}

export async function freezingProxy(target: string): Promise<FreezingProxy> {
  const [host = '', port = ''] = target.split(':')
  const sockets = new Set<Socket>()
  let isFrozen = false
  const keep = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy())
    if (isFrozen) socket.pause()
    return socket
  }
  const carry = (from: Socket, to: Socket): void => {
    from.on('data', (part: Buffer) => to.write(part)).on('close', () => { to.destroy() })
  }
  const server = createServer((client) => {
    const upstream = keep(connect({ host, port: Number(port) }))
    carry(keep(client), upstream)
    carry(upstream, client)
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      isFrozen = true
      for (const socket of sockets) socket.pause()
    },
    thaw() {
      isFrozen = false
      for (const socket of sockets) socket.resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => { server.close(resolve) })
    },
  }
}
