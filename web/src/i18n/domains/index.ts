import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { DomainWords } from './words';

/** The words of the domain pages in the language in use. */
export const domainWords = {
  get t(): DomainWords {
    return i18n.language === 'en' ? en : th;
  },
};
