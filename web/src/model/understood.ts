import { SEARCH, type Client } from '../jmap';

/** How the server understood one piece of a search text (SearchText/explain). */
export interface Piece {
  start: number;
  end: number;
  kind: string;
  status: 'understood' | 'incomplete' | 'unknown' | 'notFound';
  negated: boolean;
  explanationTh: string;
  explanationEn: string;
}

/** The pieces of a search, or none where it is words and nothing else: then there is nothing to explain. */
export async function understood(client: Client, text: string, signal: AbortSignal): Promise<Piece[]> {
  if (!client.speaks(SEARCH)) return [];
  const { pieces } = await client.call<{ pieces: Piece[] }>('SearchText/explain', { text }, signal);
  return pieces.some((piece) => piece.kind !== 'text' || piece.negated) ? pieces : [];
}
