/** What a card of the page about signing in is given: to do what may need a proof, and to tell that something changed. */
export interface Acts {
  /** undefined when the person would rather not prove who they are. */
  act: <T>(work: () => Promise<T>) => Promise<T | undefined>;
  changed: (message: string, codes?: readonly string[]) => Promise<void>;
}
