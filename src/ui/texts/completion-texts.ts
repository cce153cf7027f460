import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

/** What a suggestion says of itself beside its name. */
interface Suggested {
  readonly kind: 'lora' | 'trigger' | 'embedding' | 'thing' | 'wildcard';
  readonly others?: readonly string[];
  readonly of?: string;
}

const en = {
  label: 'Suggestions',
  about({ kind, of = '' }: Suggested): string {
    const words = { lora: 'LoRA', trigger: of, embedding: 'embedding', thing: '', wildcard: 'wildcard' };
    return words[kind];
  },
};

const de: typeof en = {
  label: 'Vorschläge',
  about({ kind, of = '', others = [] }) {
    const [german = ''] = others;
    return { lora: 'LoRA', trigger: of, embedding: 'Embedding', thing: german, wildcard: 'Wildcard' }[kind];
  },
};

/** The words of the suggestions in a prompt. */
export const COMPLETION_TEXTS: Readonly<Record<Language, typeof en>> = { en, de };
