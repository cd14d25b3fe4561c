import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { ContactsWords } from './words';

/** The words of contacts in the language in use. Both come with its pages. */
export const contactsWords = {
  get t(): ContactsWords {
    return i18n.language === 'en' ? en : th;
  },
};
