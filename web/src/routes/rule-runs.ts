import { RuleRunWatch, type Mail } from '../model';

const known = new WeakMap<Mail, RuleRunWatch>();

/** The account's run of the rules: followed on when the dialog is closed, and told of at its end with a way back. */
export function ruleRunOf(mail: Mail): RuleRunWatch {
  const watch =
    known.get(mail) ??
    new RuleRunWatch(mail.client, (run) => {
      const undo = (): void => void watch.undo().catch((error: unknown) => mail.notices.problem(error));
      mail.pull();
      if (watch.isShown) return;
      if (run.state === 'undone') mail.notices.show('rulesUndone');
      else mail.notices.show('rulesApplied', { count: run.changed, undo: run.changed > 0 ? undo : null });
    });
  known.set(mail, watch);
  return watch;
}
