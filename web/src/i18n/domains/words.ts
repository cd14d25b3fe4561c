import type { th } from './th';

type InBoth<Tree> = {
  [Key in keyof Tree]: Tree[Key] extends (...parameters: infer Parameters) => string ? (...parameters: Parameters) => string : Tree[Key] extends string ? string : InBoth<Tree[Key]>;
};

/** The shape both languages of the domain pages share. */
export type DomainWords = InBoth<typeof th>;
