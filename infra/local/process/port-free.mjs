import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { portHolder } from './processes.mjs'

/** Whether 127.0.0.1:<port> can be listened on, found out by doing so. */
export const isPortFree = (port) => new Promise((resolve) => {
  const server = createServer()
  server.once('error', () => resolve(false))
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
})

/** Says who has a port, as far as that can be seen. */
export const describeHolder = (port) => {
  const holder = portHolder(port)
  return holder === undefined ? 'another process' : `process ${holder.pid} (${holder.command})`
}

/** Waits until all ports are free: a server that was killed may hold them a moment longer. `waiting` hears what for. */
export const portsFree = async (name, ports, withinMs, waiting = () => undefined) => {
  const deadline = Date.now() + withinMs
  for (const port of ports) {
    while (!await isPortFree(port)) {
      const problem = `${name} needs port ${port}, which ${describeHolder(port)} holds.`
      if (Date.now() >= deadline) throw new Error(`${problem} Stop that process, or start with other ports: MILLRACE_PORT_OFFSET=100 npm start.`)
      waiting(problem)
      await pause(100)
    }
  }
}
