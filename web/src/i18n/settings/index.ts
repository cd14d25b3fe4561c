import { i18n } from '../index.svelte';
import { en } from './en';
import { th } from './th';
import type { SettingsWords } from './words';

/** The words of the settings in the language in use. Both come with the settings: who reads them is not in a hurry. */
export const settingsWords = {
  get t(): SettingsWords {
    return i18n.language === 'en' ? en : th;
  },
};
