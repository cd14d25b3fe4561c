import { Imports, type Mail } from '../../model';

const known = new WeakMap<Mail, Imports>();

/** The account's imports: files that are being sent go on when the person looks elsewhere in the meantime. */
export function importsOf(mail: Mail, onProblem: (error: unknown) => void): Imports {
  const imports = known.get(mail) ?? new Imports(mail.client, onProblem);
  if (!known.has(mail)) addEventListener('beforeunload', (event) => imports.sending.length > 0 && event.preventDefault());
  known.set(mail, imports);
  return imports;
}
