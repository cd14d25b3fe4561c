/** A part of a long list; `next` is the cursor of the part after it, null at the end. */
export interface Page<T> {
  items: readonly T[];
  next: string | null;
}

/** What is asked of a long list. */
export interface Asked {
  q?: string;
  cursor?: string | null;
  /** Rows, at most 200. */
  limit?: number;
  sort?: string | null;
}

/** The query part of an address, `?` included; what is empty is left out. */
export function queryOf(asked: Readonly<Record<string, string | number | boolean | null | undefined>> | Asked): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== undefined && value !== null && value !== '') parts.set(name, String(value));
  }
  const text = parts.toString();
  return text && `?${text}`;
}
