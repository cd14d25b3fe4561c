/** The JMAP objects this client uses, spelled as their standards spell them (rfc8620, rfc8621). */

export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';
/** Pirab's own: the server's sanitised HTML of a message. */
export const MAIL_SAFETY = 'https://pirab.go.th/jmap/mail-safety';

/** rfc8621#8 */
export const VACATION_RESPONSE = 'urn:ietf:params:jmap:vacationresponse';
/** Pirab's own: mailboxes have colours. */
export const LABELS = 'https://pirab.go.th/jmap/labels';
/** Pirab's own: rules that sort the mail that comes in. */
export const FILTERS = 'https://pirab.go.th/jmap/filters';
/** rfc9425 */
export const QUOTA = 'urn:ietf:params:jmap:quota';
/** rfc9661 */
export const CONTACTS = 'urn:ietf:params:jmap:contacts';
export const SIEVE = 'urn:ietf:params:jmap:sieve';
/** rfc9007 */
export const MDN = 'urn:ietf:params:jmap:mdn';
/** Pirab's own: destroyed mail that can be had back. */
export const RECOVERY = 'https://pirab.go.th/jmap/recovery';
/** Pirab's own: a search as people type it. */
export const SEARCH = 'https://pirab.go.th/jmap/search';

export type Id = string;
/** rfc8620#1.4 UTCDate, for example `2026-11-24T05:31:00Z`. */
export type UTCDate = string;

/** rfc8620#2 */
export interface Session {
  capabilities: Record<string, unknown>;
  accounts: Record<Id, SessionAccount>;
  primaryAccounts: Record<string, Id>;
  username: string;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
}

export interface SessionAccount {
  name: string;
  isPersonal: boolean;
  isReadOnly: boolean;
  accountCapabilities: Record<string, unknown>;
}

/** rfc8620#2 the limits of `urn:ietf:params:jmap:core`; octets and counts. */
export interface CoreLimits {
  maxSizeUpload: number;
  maxConcurrentUpload: number;
  maxSizeRequest: number;
  maxConcurrentRequests: number;
  maxCallsInRequest: number;
  maxObjectsInGet: number;
  maxObjectsInSet: number;
}

/** rfc8621#1.3.2; `maxDelayedSend` in seconds, 0 when the server cannot hold a message. */
export interface SubmissionCapability {
  maxDelayedSend: number;
  submissionExtensions: Record<string, string[]>;
}

/** rfc8621#2 roles, from the IANA registry. */
export type MailboxRole = 'inbox' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash' | 'all' | 'flagged' | 'important';

export interface Mailbox {
  id: Id;
  name: string;
  parentId: Id | null;
  role: MailboxRole | null;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  totalThreads: number;
  unreadThreads: number;
  isSubscribed: boolean;
  myRights: MailboxRights;
  'pirab:color'?: LabelColor | null;
}

/** The palette of `LABELS`, in the order it is offered. */
export const LABEL_COLORS = [
  'red',
  'orange',
  'amber',
  'lime',
  'green',
  'teal',
  'sky',
  'blue',
  'indigo',
  'purple',
  'pink',
  'gray',
] as const;
export type LabelColor = (typeof LABEL_COLORS)[number];

export interface MailboxRights {
  mayReadItems: boolean;
  mayAddItems: boolean;
  mayRemoveItems: boolean;
  maySetSeen: boolean;
  maySetKeywords: boolean;
  mayCreateChild: boolean;
  mayRename: boolean;
  mayDelete: boolean;
  maySubmit: boolean;
}

export interface EmailAddress {
  name: string | null;
  email: string;
}

/** rfc8621#4.1.4 */
export interface EmailBodyPart {
  partId: string | null;
  blobId: Id | null;
  size: number;
  name: string | null;
  type: string;
  charset?: string | null;
  disposition: string | null;
  cid: string | null;
}

export interface EmailBodyValue {
  value: string;
  isEncodingProblem?: boolean;
  isTruncated?: boolean;
}

/** What a row of a list needs of rfc8621#4.1. */
export interface EmailSummary {
  id: Id;
  threadId: Id;
  mailboxIds: Record<Id, boolean>;
  keywords: Record<string, boolean>;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  subject: string | null;
  receivedAt: UTCDate;
  preview: string;
  hasAttachment: boolean;
}

/** What reading one message needs. */
export interface EmailDetail extends EmailSummary {
  blobId: Id;
  size: number;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  sentAt: string | null;
  sender: EmailAddress[] | null;
  replyTo: EmailAddress[] | null;
  cc: EmailAddress[] | null;
  bcc: EmailAddress[] | null;
  textBody: EmailBodyPart[];
  htmlBody: EmailBodyPart[];
  attachments: EmailBodyPart[];
  bodyValues: Record<string, EmailBodyValue>;
  /** Who asks to be told that it was read (rfc8098#2.1). */
  'header:Disposition-Notification-To:asAddresses'?: EmailAddress[] | null;
  'pirab:safeHtml'?: string | null;
  'pirab:hasRemoteResources'?: boolean;
}

export interface Thread {
  id: Id;
  emailIds: Id[];
}

/** rfc8621#6 */
export interface Identity {
  id: Id;
  name: string;
  email: string;
  replyTo: EmailAddress[] | null;
  bcc: EmailAddress[] | null;
  textSignature: string;
  htmlSignature: string;
  mayDelete: boolean;
}

export type UndoStatus = 'pending' | 'final' | 'canceled';

/** rfc8621#7 DeliveryStatus: `smtpReply` carries the remote's own words. */
export interface DeliveryStatus {
  smtpReply: string;
  delivered: 'queued' | 'yes' | 'no' | 'unknown';
  displayed: 'unknown' | 'yes';
}

export interface EmailSubmission {
  id: Id;
  identityId: Id;
  emailId: Id;
  threadId: Id;
  sendAt: UTCDate;
  undoStatus: UndoStatus;
  deliveryStatus: Record<string, DeliveryStatus> | null;
}

/** rfc8620#5.1 */
export interface GetResponse<T> {
  accountId: Id;
  state: string;
  list: T[];
  notFound: Id[];
}

/** rfc8620#5.2 */
export interface ChangesResponse {
  accountId: Id;
  oldState: string;
  newState: string;
  hasMoreChanges: boolean;
  created: Id[];
  updated: Id[];
  destroyed: Id[];
  updatedProperties?: string[] | null;
}

/** rfc8620#5.3 */
export interface SetError {
  type: string;
  description?: string | null;
  properties?: string[];
}

export interface SetResponse<T> {
  accountId: Id;
  oldState: string | null;
  newState: string;
  created: Record<string, T> | null;
  updated: Record<Id, Partial<T> | null> | null;
  destroyed: Id[] | null;
  notCreated: Record<string, SetError> | null;
  notUpdated: Record<Id, SetError> | null;
  notDestroyed: Record<Id, SetError> | null;
}

/** rfc8620#5.5 */
export interface QueryResponse {
  accountId: Id;
  queryState: string;
  canCalculateChanges: boolean;
  position: number;
  ids: Id[];
  total?: number;
}

/** rfc8620#5.6 */
export interface QueryChangesResponse {
  accountId: Id;
  oldQueryState: string;
  newQueryState: string;
  total?: number;
  removed: Id[];
  added: { id: Id; index: number }[];
}

/** rfc8620#7.1 */
export interface StateChange {
  '@type': 'StateChange';
  changed: Record<Id, Record<string, string>>;
}

export interface UploadResponse {
  accountId: Id;
  blobId: Id;
  type: string;
  size: number;
}

/** rfc8621#4.4.1, the conditions this client asks for. */
export interface EmailFilter {
  inMailbox?: Id;
  inMailboxOtherThan?: Id[];
  text?: string;
  from?: string;
  to?: string;
  subject?: string;
  hasAttachment?: boolean;
  hasKeyword?: string;
  notKeyword?: string;
  before?: UTCDate;
  after?: UTCDate;
}

/** rfc8621#8 the automatic reply; there is one, with the id `singleton`. */
export interface VacationResponse {
  id: 'singleton';
  isEnabled: boolean;
  /** The first moment, and the first moment after. */
  fromDate: UTCDate | null;
  toDate: UTCDate | null;
  subject: string | null;
  textBody: string | null;
  htmlBody: string | null;
}

export interface RuleCondition {
  field: 'from' | 'to' | 'cc' | 'recipient' | 'subject' | 'body' | 'header';
  operator: 'contains' | 'notContains' | 'is' | 'startsWith' | 'endsWith';
  value: string;
  /** The field's name, for `header` alone. */
  header: string | null;
}

export interface FilterRule {
  name: string;
  isEnabled: boolean;
  match: 'all' | 'any';
  conditions: RuleCondition[];
  actions: {
    labels: Id[];
    moveTo: Id | null;
    star: boolean;
    markRead: boolean;
    neverJunk: boolean;
    delete: boolean;
    forwardTo: string[];
    reply: { text: string; subject: string | null } | null;
  };
  /** No later rule is asked. */
  stop: boolean;
}

/** Pirab's own: all rules of an account, one object with the id `singleton`. */
export interface FilterRules {
  id: 'singleton';
  rules: FilterRule[];
  /** Rules, counted from 0, whose mailbox is gone. */
  problems: { rule: number; mailboxId: Id; type: string }[];
  run?: RuleRun | null;
}

/** The latest time the rules were applied to mail that was there: `done` of `total` letters looked at. */
export interface RuleRun {
  mailboxId: Id;
  state: 'running' | 'done' | 'undoing' | 'undone';
  total: number;
  done: number;
  changed: number;
  startedAt: UTCDate;
}

/** rfc9425#4 the one Quota of an account; octets. */
export interface Quota {
  id: Id;
  used: number;
  hardLimit: number;
  warnLimit: number | null;
  softLimit: number | null;
}

/** Pirab's own: a destroyed letter that can be had back until `recoverableUntil`. */
export interface RemovedEmail {
  id: Id;
  mailboxIds: Record<Id, boolean>;
  size: number;
  receivedAt: UTCDate;
  removedAt: UTCDate;
  recoverableUntil: UTCDate;
  subject: string | null;
  from: EmailAddress[] | null;
  to: EmailAddress[] | null;
  hasAttachment: boolean;
  preview: string;
}

export interface RestoreResponse {
  restored: Record<Id, { id: Id; mailboxIds: Record<Id, boolean> }> | null;
  notRestored: Record<Id, SetError> | null;
}

/** rfc9661#2.1 */
export interface SieveScript {
  id: Id;
  name: string | null;
  blobId: Id;
  isActive: boolean;
}
