import type { th } from './th';

/** The shape both languages share, as in `../words`. */
export type PeopleWords = {
  [Key in keyof typeof th]: (typeof th)[Key] extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : string;
};
