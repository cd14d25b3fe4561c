import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { SecurityWords } from './words';

/** The words of second factors and of the settings about signing in, read together with them. */
export const securityWords = {
  get t(): SecurityWords {
    return i18n.language === 'en' ? en : th;
  },
};
