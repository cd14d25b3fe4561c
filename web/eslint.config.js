import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

const floors = ['jmap', 'model', 'ui', 'routes'];

/** Imports go downward only: jmap ← model ← ui ← routes; i18n may be used by ui and routes. */
function floorRule(floor) {
  const above = floors.slice(floors.indexOf(floor) + 1);
  const forbidden = [...above, ...(floor === 'jmap' || floor === 'model' ? ['i18n'] : [])];
  return {
    files: [`src/${floor}/**/*.{ts,svelte}`],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: forbidden.map((name) => ({ group: [`**/${name}/**`], message: `${floor} must not import ${name}` })) },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**'] },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
  },
  {
    rules: {
      'no-undef': 'off',
      'no-console': 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
    },
  },
  {
    files: ['src/**/*.{ts,svelte}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        // bad: el.innerHTML = html;  good: el.replaceChildren(sanitizedFragment)
        { selector: "AssignmentExpression[left.property.name='innerHTML']", message: 'Build nodes; never assign innerHTML.' },
        { selector: "Identifier[name='eval']", message: 'No eval.' },
      ],
      'svelte/no-at-html-tags': 'error',
      // Plain Maps and Sets in the model are bookkeeping nobody shows; what is shown is SvelteMap or $state by choice.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  floorRule('jmap'),
  floorRule('model'),
  floorRule('ui'),
);
