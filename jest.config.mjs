import { fileURLToPath } from 'node:url'
import { swc } from './tools/swc.mjs'

const { parser, transform } = swc.jsc
const tsx = { ...swc, jsc: { ...swc.jsc, parser: { ...parser, tsx: true }, transform: { ...transform, react: { runtime: 'automatic' } } } }

/** Unit tests of every project; Nx passes `--rootDir`. Tests that need an engine are `*.int.spec.ts`, see jest.int.config.mjs. */
export default {
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '\\.(int|compose)\\.spec\\.ts$'],
  transform: { '\\.ts$': ['@swc/jest', swc], '\\.tsx$': ['@swc/jest', tsx] },
  reporters: ['default', fileURLToPath(new URL('tools/count-tests.mjs', import.meta.url))],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
}
