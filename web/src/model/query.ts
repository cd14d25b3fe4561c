import type { Batch, Call, EmailSummary, GetResponse, Id, QueryResponse, Thread } from '../jmap';
import { SUMMARY_PROPERTIES } from './emails.svelte';

/** What the list shows: one mailbox, or what a search found. */
export type Source = { kind: 'mailbox'; mailboxId: Id } | { kind: 'search'; text: string };

export const PAGE = 50;

export function sourceKey(source: Source): string {
  return source.kind === 'mailbox' ? `m:${source.mailboxId}` : `s:${source.text}`;
}

/** rfc8621#4.4.1; what is typed into the search box is read by the server, operators and all. */
export function filterOf(source: Source): Record<string, unknown> {
  if (source.kind === 'mailbox') return { inMailbox: source.mailboxId };
  return { searchText: source.text };
}

/** The arguments that Email/query and Email/queryChanges must share (rfc8620#5.6). */
export function queryArguments(source: Source): Record<string, unknown> {
  return {
    filter: filterOf(source),
    sort: [{ property: 'receivedAt', isAscending: false }],
    collapseThreads: true,
  };
}

export interface PageCalls {
  query: Call<QueryResponse>;
  emails: Call<GetResponse<EmailSummary>>;
  threads: Call<GetResponse<Thread>>;
  members: Call<GetResponse<EmailSummary>>;
}

/** One page of a list with all its rows show, in one request by back-references (rfc8620#3.7). */
export function addPage(batch: Batch, source: Source, position: number, limit: number): PageCalls {
  const query = batch.add<QueryResponse>('Email/query', {
    ...queryArguments(source),
    position,
    limit,
    calculateTotal: true,
  });
  const emails = batch.add<GetResponse<EmailSummary>>('Email/get', {
    '#ids': query.ref('/ids'),
    properties: SUMMARY_PROPERTIES,
  });
  const threads = batch.add<GetResponse<Thread>>('Thread/get', { '#ids': emails.ref('/list/*/threadId') });
  const members = batch.add<GetResponse<EmailSummary>>('Email/get', {
    '#ids': threads.ref('/list/*/emailIds'),
    properties: SUMMARY_PROPERTIES,
  });
  return { query, emails, threads, members };
}
