import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { ConsoleWords } from './words';

/** The words of the console in the language in use. Both come with it: who administers is not in a hurry. */
export const consoleWords = {
  get t(): ConsoleWords {
    return i18n.language === 'en' ? en : th;
  },
};
