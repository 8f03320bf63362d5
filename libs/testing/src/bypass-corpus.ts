import type { InjectOptions } from 'fastify'

type Method = NonNullable<InjectOptions['method']>
export interface Attempt { readonly method: Method, readonly url: string, readonly headers?: Record<string, string>, readonly payload?: string }

/** Requests that mean a route without naming it plainly. None of them may get in without a key. */
export function bypassAttempts(method: string, path: string): Attempt[] {
  const [first = '', ...rest] = path.slice(1).split('/')
  const encoded = `/%${first.charCodeAt(0).toString(16)}${[first.slice(1), ...rest].join('/')}`
  const urls = [
    path, `${path}/`, `/${path}`, path.replaceAll('/', '//'), `${path}//`, encoded, path.replaceAll('/', '/./'), `/x/..${path}`, `${path};x`, `${path};x=1`, path.replace(/\/([^/]+)$/, ';x/$1'),
    path.toUpperCase(), `${path}%00`, `${path}%20`, `${path}%2f`, `${path}.json`, `${path}?`, `${path}?a=/health/live`, `${path}#/health/live`, `/health/live/..${path}`, `/health/..${path}`, `/health/live;${path}`, path.replaceAll('/', '%2f').replace('%2f', '/'), path.replaceAll('/', '\\').replace('\\', '/'),
  ]
  const payload = method === 'GET' || method === 'HEAD' ? {} : { payload: '{}', headers: { 'content-type': 'application/json' } }
  const plain = urls.map((url) => ({ method: method, url, ...payload }))
  const methods: Attempt[] = (['HEAD', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const).map((other) => ({ method: other, url: path }))
  const types = ['text/plain', 'application/x-www-form-urlencoded', 'application/json;charset=utf-16', 'APPLICATION/JSON', 'application/json, text/plain', 'multipart/form-data; boundary=x', '', 'application/vnd.api+json']
  const odd: Attempt[] = types.map((type) => ({ method: method, url: path, ...method === 'GET' || method === 'HEAD' ? {} : { payload: '{}' }, headers: { 'content-type': type } }))
  const headers = [
    { 'x-http-method-override': 'GET' }, { 'x-original-url': '/health/live' }, { 'x-rewrite-url': '/health/live' }, { 'x-forwarded-for': '127.0.0.1' }, { 'x-forwarded-host': 'localhost' }, { host: 'localhost' },
    { authorization: 'Bearer' }, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }, { authorization: 'Bearer .' }, { authorization: 'Basic YWRtaW46YWRtaW4=' }, { authorization: 'Bearer admin.%00' }, { authorization: 'null' },
  ]
  return [...plain, ...methods, ...odd, ...headers.map((more) => ({ method: method, url: path, headers: more }))]
}
