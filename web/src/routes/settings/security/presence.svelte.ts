import { problemName } from '../../../api/rest';
import type { Way } from '../../../api/session';
import { RequestRefused } from '../../../jmap';

/** What stands between an act and its proof: the ways to prove, and what to do when it is given or not. */
interface Question {
  ways: readonly Way[];
  answer: (isProved: boolean) => void;
}

/** Thrown when somebody would rather not prove who they are. */
export class NotProved extends Error {
  override readonly name = 'NotProved';
}

/** Acts that the server lets through only after a fresh proof of who is there. */
export class Presence {
  question = $state.raw<Question | null>(null);

  /** Runs `act`; where the server wants a proof first, asks for it and runs it again. @throws NotProved */
  async guard<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof RequestRefused) || problemName(error.type) !== 'strong-auth-needed') throw error;
      const ways = Array.isArray(error.fields['ways']) ? (error.fields['ways'] as Way[]) : [];
      if (!(await this.ask(ways))) throw new NotProved('not proved', { cause: error });
      return act();
    }
  }

  private ask(ways: readonly Way[]): Promise<boolean> {
    return new Promise((resolve) => {
      this.question = {
        ways,
        answer: (isProved) => {
          this.question = null;
          resolve(isProved);
        },
      };
    });
  }
}
