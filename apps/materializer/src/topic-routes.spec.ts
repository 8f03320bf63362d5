import { catalogue, trades } from '@millrace/streams'
import { describe, expect, it } from '@jest/globals'
import { TopicRoutes } from './topic-routes.ts'

describe('the topics that are read', () => {
  const routes = new TopicRoutes(catalogue)

  it('are the windows and both kinds of letters of every stream, never its events', () => {
    expect(routes.topics).toEqual(['earthquakes', 'trades'].flatMap((stream) => [`${stream}.v1.windows`, `${stream}.v1.late`, `${stream}.v1.dead-letters`]))
  })

  it('say what they hold, and of which stream', () => {
    expect(routes.find('trades.v1.late')).toEqual({ pattern: 'late', stream: trades })
    expect(() => routes.find('trades.v1')).toThrow('topic trades.v1 arrived, which is not read')
  })
})
