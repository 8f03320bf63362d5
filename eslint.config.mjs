import eslint from '@eslint/js'
import nx from '@nx/eslint-plugin'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'

const drivers = ['kafkajs', 'cassandra-driver', '@connectrpc/*', '@bufbuild/*', 'apache-arrow']
const nest = ['@nestjs/*']

/** Who may import whom, by the `type:` tag in each project's package.json. Only specs may import `type:testing`, see below. */
const reach = {
  model: { may: ['model'], mayNot: [...nest, ...drivers] },
  catalogue: { may: ['model'], mayNot: [...nest, ...drivers] },
  service: { may: ['model', 'service'], mayNot: drivers },
  adapter: { may: ['model', 'service'], mayNot: [] },
  app: { may: ['model', 'catalogue', 'service', 'adapter'], mayNot: drivers },
  browser: { may: ['model', 'catalogue'], mayNot: [...nest, ...drivers] },
  testing: { may: ['model', 'service', 'testing'], mayNot: [] },
  e2e: { may: ['model', 'catalogue', 'service', 'adapter', 'testing', 'e2e'], mayNot: drivers },
  simulation: { may: ['model', 'service', 'adapter', 'app'], mayNot: drivers },
}

const constraints = (extra) => Object.entries(reach).map(([type, { may, mayNot }]) => ({
  sourceTag: `type:${type}`,
  onlyDependOnLibsWithTags: [...may, ...extra].map((t) => `type:${t}`),
  bannedExternalImports: mayNot,
}))

const boundaries = (extra) => ['error', { depConstraints: constraints(extra), enforceBuildableLibDependency: false, banTransitiveDependencies: true }]

export default defineConfig(
  { ignores: ['**/dist', '**/node_modules', '**/gen', '.nx', '.millrace*'] },
  eslint.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', Buffer: 'readonly', URL: 'readonly', fetch: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', AbortSignal: 'readonly', AbortController: 'readonly', performance: 'readonly' } },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      'max-lines': ['warn', 250],
      '@nx/enforce-module-boundaries': boundaries([]),
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries(['testing']) },
  },
)
