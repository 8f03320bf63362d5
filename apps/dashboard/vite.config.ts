import { defineConfig, loadEnv } from 'vite'

/** The page as files for query-api: `index.html`, and all else under `page/`, by paths relative to the document. */
export default defineConfig(({ mode }) => {
  const queryApi = loadEnv(mode, '../..', 'MILLRACE_')['MILLRACE_QUERY_API_URL'] ?? 'http://127.0.0.1:13000'
  return {
    base: './',
    build: { assetsDir: 'page', license: { fileName: 'licenses.md' }, modulePreload: { polyfill: false }, target: 'es2022' },
    server: {
      host: '127.0.0.1',
      port: 13_005,
      strictPort: true,
      proxy: Object.fromEntries(['/v1', '/docs', '/openapi.json'].map((path) => [path, queryApi])),
    },
  }
})
