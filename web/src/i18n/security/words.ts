import type { th } from './th';

type Shape<Text> = Text extends (...parameters: infer Parameters) => string
  ? (...parameters: Parameters) => string
  : Text extends string
    ? string
    : { [Key in keyof Text]: Shape<Text[Key]> };

/** The shape both languages share. */
export type SecurityWords = Shape<typeof th>;
