import { i18n } from '../i18n/index.svelte';
import type { Words } from '../i18n/words';
import type { LabelColor, Mailbox, MailboxRole, RuleCondition } from '../jmap';
import type { ErrorKind, Notice } from '../model';

/** The model speaks in kinds; here they become words. */
export function noticeText(notice: Notice): string {
  const { t } = i18n;
  const count = i18n.number(notice.count);
  switch (notice.kind) {
    case 'moved':
      return t.noticeMoved(count, notice.name);
    case 'trashed':
      return t.noticeTrashed(count);
    case 'archived':
      return t.noticeArchived(count);
    case 'junked':
      return t.noticeJunked(count);
    case 'notJunk':
      return t.noticeNotJunk(count);
    case 'destroyed':
      return t.noticeDestroyed(count);
    case 'sending':
      return t.noticeSending;
    case 'sent':
      return t.noticeSent;
    case 'undone':
      return t.noticeUndone;
    case 'draftSaved':
      return t.noticeDraftSaved;
    case 'draftDiscarded':
      return t.noticeDraftDiscarded;
    case 'vacationOn':
      return t.noticeVacationOn;
    case 'vacationOff':
      return t.noticeVacationOff;
    case 'rulesApplied':
      return t.noticeRulesApplied(count);
    case 'saved':
      return t.noticeSaved;
    case 'said':
      return notice.name;
    case 'receiptSent':
      return t.noticeReceiptSent;
    case 'rulesUndone':
      return t.rulesTakenBack;
    case 'newMail':
      return t.noticeNewMail(count, notice.name);
    default:
      return errorText(notice.kind);
  }
}

const ERRORS: Record<ErrorKind, keyof Words> = {
  network: 'errorNetwork',
  expired: 'errorExpired',
  tooLarge: 'errorTooLarge',
  overQuota: 'errorOverQuota',
  forbidden: 'errorForbidden',
  tooManyRequests: 'errorTooManyRequests',
  notFound: 'errorNotFound',
  badRecipients: 'errorBadRecipients',
  noRecipients: 'errorNoRecipients',
  uploadFailed: 'errorUploadFailed',
  undoTooLate: 'noticeUndoTooLate',
  unexpected: 'errorUnexpected',
};

export function errorText(kind: ErrorKind): string {
  const words = i18n.t[ERRORS[kind]];
  return typeof words === 'string' ? words : i18n.t.errorUnexpected;
}

/** Mailboxes with a role carry the language's own name, whatever the server calls them. */
export function mailboxName(mailbox: Mailbox): string {
  return mailbox.role === null ? mailbox.name : roleName(mailbox.role);
}

/** Names of the pages of the settings. */
export function settingsName(page: keyof typeof SETTINGS | null): string {
  return i18n.t[page === null ? 'settings' : SETTINGS[page]] as string;
}

const SETTINGS = {
  mail: 'settingsMail',
  storage: 'settingsStorage',
  recover: 'settingsRecover',
  export: 'settingsExport',
  import: 'settingsImport',
  security: 'settingsSecurity',
  devices: 'settingsDevices',
  apps: 'settingsApps',
} as const satisfies Record<string, keyof Words>;

export function roleName(role: MailboxRole): string {
  return i18n.t[role];
}

const COLORS: Record<LabelColor, keyof Words> = {
  red: 'colorRed',
  orange: 'colorOrange',
  amber: 'colorAmber',
  lime: 'colorLime',
  green: 'colorGreen',
  teal: 'colorTeal',
  sky: 'colorSky',
  blue: 'colorBlue',
  indigo: 'colorIndigo',
  purple: 'colorPurple',
  pink: 'colorPink',
  gray: 'colorGray',
};

/** A colour of the palette in words: nobody should need to see it to choose it. */
export function colorName(color: LabelColor | null): string {
  return i18n.t[color ? COLORS[color] : 'colorNone'] as string;
}

/** What a condition of a rule looks at. */
export function ruleFieldName(field: RuleCondition['field']): string {
  const { t } = i18n;
  const names = { from: t.ruleInFrom, to: t.ruleInTo, cc: t.ruleInCc, recipient: t.ruleInRecipient, subject: t.ruleInSubject, body: t.ruleInBody, header: t.ruleInHeader };
  return names[field];
}

/** How a condition of a rule compares. */
export function ruleOperatorName(operator: RuleCondition['operator']): string {
  const { t } = i18n;
  const names = { contains: t.ruleDoesContains, notContains: t.ruleDoesNotContains, is: t.ruleDoesIs, startsWith: t.ruleDoesStartsWith, endsWith: t.ruleDoesEndsWith };
  return names[operator];
}
