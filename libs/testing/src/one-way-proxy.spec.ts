import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { waitUntil } from '@millrace/service'
import { kafkaFrameLength } from './kafka-frames.ts'
import { OneWayProxy } from './one-way-proxy.ts'

/** A frame as Kafka sends it: its length, then its text. */
const frame = (text: string): Buffer => {
  const bytes = Buffer.alloc(4 + text.length)
  bytes.writeInt32BE(text.length)
  bytes.write(text, 4)
  return bytes
}
const textOf = (bytes: Buffer): string => bytes.subarray(4).toString()

describe('OneWayProxy', () => {
  const received: string[] = []
  const sockets: Socket[] = []
  let server: Server
  let proxy: OneWayProxy

  beforeEach(async () => {
    received.length = 0
    server = createServer((socket) => {
      sockets.push(socket)
      socket.on('error', () => undefined)
      socket.on('data', (bytes) => {
        received.push(bytes.toString('latin1').replaceAll(/[^a-z]/g, ''))
        socket.write(frame('answer'))
      })
    })
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
    proxy = new OneWayProxy({ target: `127.0.0.1:${(server.address() as AddressInfo).port}`, frameLength: kafkaFrameLength })
    await proxy.open()
  })

  afterEach(async () => {
    await proxy.shut()
    for (const socket of sockets.splice(0)) socket.destroy()
    await new Promise((resolve) => { server.close(resolve) })
  })

  const client = async () => {
    const answers: string[] = []
    const socket = connect({ host: '127.0.0.1', port: proxy.port })
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => answers.push(bytes.toString('latin1').replaceAll(/[^a-z]/g, '')))
    await new Promise<void>((resolve) => socket.once('connect', () => { resolve() }))
    sockets.push(socket)
    return { socket, answers }
  }
  const until = (what: string, is: () => boolean) => waitUntil(is, { deadlineMs: 5_000, everyMs: 2, what })

  it('passes both ways, however the bytes of a frame arrive', async () => {
    const { socket, answers } = await client()
    const bytes = frame('hello')
    socket.write(bytes.subarray(0, 6))
    await new Promise((resolve) => { setImmediate(resolve) })
    socket.write(bytes.subarray(6))
    await until('an answer', () => answers.length === 1)
    expect(received).toEqual(['hello'])
  })

  it('drops an answer to what the server has received', async () => {
    const { socket, answers } = await client()
    let dropped = 0
    proxy.onAnswer = () => {
      dropped += 1
      return dropped === 1 ? 'drop' : 'pass'
    }
    socket.write(frame('one'))
    await until('the first answer to be dropped', () => dropped === 1)
    socket.write(frame('two'))
    await until('the second answer', () => answers.length === 1)
    expect(received).toEqual(['one', 'two'])
  })

  it('holds a request, and what follows it, until it is released', async () => {
    const { socket } = await client()
    let holds = true
    let seen = 0
    proxy.onRequest = (request) => {
      seen += 1
      return holds && textOf(request) === 'two' ? 'hold' : 'pass'
    }
    socket.write(Buffer.concat([frame('one'), frame('two'), frame('three')]))
    await until('the first', () => received.length === 1 && seen === 2)
    expect(received).toEqual(['one'])
    holds = false
    proxy.release()
    await until('the others', () => received.join('') === 'onetwothree')
  })

  it('takes no connection while it is shut, and the same address leads through it afterwards', async () => {
    const { socket } = await client()
    const gone = new Promise((resolve) => socket.once('close', resolve))
    const { address } = proxy
    await proxy.shut()
    await gone
    await expect(new Promise((resolve, reject) => connect({ host: '127.0.0.1', port: proxy.port }).once('connect', resolve).once('error', reject))).rejects.toThrow('ECONNREFUSED')
    expect(await proxy.open()).toBe(address)
    expect((await client()).socket.destroyed).toBe(false)
  })
})
