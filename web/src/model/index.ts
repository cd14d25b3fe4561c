/**
 * What the client knows and does, without a screen: mailboxes, list, conversations, drafts, sending, undo.
 *
 * Always true: a person's words are kept on this machine before the server is asked; what a person does shows at once and
 * is taken back if the server refuses; the server's changes come by push and are asked for as differences. Texts in a
 * person's language are none of its business: it speaks in kinds, which the screens translate.
 */
export { Account } from './account.svelte';
export type { Mail } from './mail.svelte';
export type { Attachment } from './attachments.svelte';
export type { Composer, SaveStatus } from './composer.svelte';
export type { Row } from './rows';
export { sourceKey, type Source } from './query';
export type { MailboxNode } from './mailboxes.svelte';
export { dayIn, dayAfter, lastDayOf, readVacation, saveVacation, type VacationDraft } from './vacation';
export { saveFolder, type FolderDraft, type FolderProblem } from './folders';
export type { Delivery, DeliveryState } from './delivery';
export { errorKind, type ErrorKind, type Notice, type NoticeKind } from './notices.svelte';
export type { QuotaLevel } from './quota.svelte';
export { isUnread } from './patch';
export * from './addresses';
export { emptyDraft, forwardDraft, identityFor, quoteText, replyDraft, type DraftContent, type Quote, type ReplyKind } from './draft';
export { inlines, textBlocks, type Block, type Inline } from './plaintext';
export { asksForReceipt, sendReceipt } from './receipts';
export { deleteScript, listScripts, readScript, saveScript, type ScriptDraft } from './scripts';
export { RuleRunWatch } from './rule-run.svelte';
export { addressesIn, moved, newRule, readRules, saveRules } from './rules';
export { daysLeft, emptyMailbox, Removed, type RestoreProblem } from './removed.svelte';
export { Exports } from './exports.svelte';
export { formatOf, Imports, type FileProblem, type Sending } from './imports.svelte';
