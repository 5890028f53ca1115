import js from '@eslint/js'
import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

/** Files of a layer, and what they must not know: main -> app -> pages -> features -> ui, api, lib. */
const below = (files, layers, also = []) => ({
  files: [`src/${files}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ group: [...layers.map((layer) => `@/${layer}/**`), ...also] }] },
    ],
  },
})

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'src/api/schema.ts', 'public'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  hooks.configs.flat['recommended-latest'],
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
    },
  },
  { files: ['*.js'], extends: [tseslint.configs.disableTypeChecked] },
  below('pages', ['app']),
  // A feature reaches its own files by `./`; another feature's by no way.
  below('features', ['app', 'pages', 'features'], ['../**']),
  below('{ui,api,lib}', ['app', 'pages', 'features']),
)
