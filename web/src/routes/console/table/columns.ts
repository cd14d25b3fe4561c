/** A column of a table. */
export interface Column {
  key: string;
  title: string;
  /** What the server is asked to sort by; none where it cannot. */
  sort?: string;
  /** The title is heard but not seen: the cells say by themselves what they are. */
  isSilent?: boolean;
  align?: 'end';
  width?: string;
  /** Left out where there is little room. */
  isMinor?: boolean;
}
