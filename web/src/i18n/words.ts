import type { th } from './th';

/** The shape both languages share: the same keys, a text for a text, a function for a function. */
export type Words = {
  [Key in keyof typeof th]: (typeof th)[Key] extends (...parameters: infer Parameters) => string
    ? (...parameters: Parameters) => string
    : string;
};
