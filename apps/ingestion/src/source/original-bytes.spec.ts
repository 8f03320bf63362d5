import { describe, expect, it } from '@jest/globals'
import { originalBytes } from './original-bytes.ts'

const bytes = (text: string, items: (body: never) => readonly unknown[]) => {
  const body = JSON.parse(text) as never
  const found = items(body)
  const { bytesOf } = originalBytes(Buffer.from(text), body, found)
  return found.map((_, index) => bytesOf(index).toString())
}

describe('originalBytes', () => {
  it('are what the source wrote, not what we have read', () => {
    const text = '{ "meta":{"list":[1]}, "data": {"items" : [ {"a":1,"a":2} ,1e400,  "x\\"]}" ,[ [] ,{}], null]} }'
    expect(bytes(text, (body: { data: { items: unknown[] } }) => body.data.items)).toEqual(['{"a":1,"a":2}', '1e400', '"x\\"]}"', '[ [] ,{}]', 'null'])
  })

  it('are found where the body is the list, and where it is empty', () => {
    expect(bytes('[{"a":1.0}]', (body: unknown[]) => body)).toEqual(['{"a":1.0}'])
    expect(bytes(' [ ] ', (body: unknown[]) => body)).toEqual([])
  })

  it('are those of the last of two lists under one key', () => {
    expect(bytes('{"items":[1],"items":[ 2.0 ]}', (body: { items: unknown[] }) => body.items)).toEqual(['2.0'])
  })

  it('are found under a key that is written with escapes', () => {
    expect(bytes('{"it\\u0065ms":[{"b":"\\\\"}]}', (body: { items: unknown[] }) => body.items)).toEqual(['{"b":"\\\\"}'])
  })

  it('are JSON of our own where the declaration has made the items itself', () => {
    expect(bytes('{"rows":[[1,2]]}', (body: { rows: number[][] }) => body.rows.map(([a]) => ({ a })))).toEqual(['{"a":1}'])
  })

  it('are the upper levels of an item that the declaration has made and that nests too deep for JSON', () => {
    const deep = `{"items":[{"id":"a","in":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`
    const [text = ''] = bytes(deep, ({ items }: { items: object[] }) => items.map((item) => ({ ...item })))
    expect(text).toMatch(/^\{"id":"a","in":\[{10,1000}"…"\]{10,1000}\}$/)
  })

  it('are found beside characters of more than one byte, in keys and in values', () => {
    expect(bytes('{"größe":"Ω","écoles":[{"n": "é"},{"n": "🦉"}]}', (body: Record<string, unknown[]>) => body['écoles'] ?? [])).toEqual(['{"n": "é"}', '{"n": "🦉"}'])
  })

  it('that are not UTF-8 are told, item by item', () => {
    const answer = Buffer.from('{"n\xff":1,"items":[{"a":"\xc3\xa9"},{"a":"\xff"},{"a":"\xef\xbf\xbd"}]}', 'latin1')
    const [body, items] = bodyOf(answer.toString())
    const { isUtf8, bytesOf } = originalBytes(answer, body, items)
    expect(items.map((_, index) => isUtf8(index))).toEqual([true, false, true])
    expect(bytesOf(1)).toEqual(Buffer.from('{"a":"\xff"}', 'latin1'))
    const made = originalBytes(answer, body, [{ a: 'é' }, { a: '\ufffd' }])
    expect([made.isUtf8(0), made.isUtf8(1)]).toEqual([true, false])
  })

  it('cost nothing until they are asked for', () => {
    expect(() => originalBytes(Buffer.from('not JSON'), {}, [])).not.toThrow()
  })

  it('survive a record that nests 100,000 deep', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const text = `{"items":[${deep}]}`
    expect(originalBytes(Buffer.from(text), ...bodyOf(text)).bytesOf(0).length).toBe(200_000)
  })
})

function bodyOf(text: string): [unknown, readonly unknown[]] {
  const body = JSON.parse(text) as { items: unknown[] }
  return [body, body.items]
}
