import type { th } from './th';

/** The shape both languages of the settings share. */
export type SettingsWords = {
  [Key in keyof typeof th]: (typeof th)[Key] extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : string;
};
