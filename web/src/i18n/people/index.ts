import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { PeopleWords } from './words';

/** The words of the directory in the language in use. Both come with its pages. */
export const peopleWords = {
  get t(): PeopleWords {
    return i18n.language === 'en' ? en : th;
  },
};
