import type { FaultBoard } from './fault-board.js';
import type { FaultNews, FaultReport } from './fault-mirror.js';

/** Keeps one page informed of the faults that its user may meet, and hears from it which have struck. */
export class FaultReporter {
  readonly #board: FaultBoard;
  readonly #userId: string;
  readonly #tell: (news: FaultNews) => void;
  readonly #seed: number;
  readonly #stop: () => void;
  #heard: number;

  /** @param heard how many carried out orders the same page has reported already */
  constructor(board: FaultBoard, userId: string, tell: (news: FaultNews) => void, heard: number) {
    this.#board = board;
    this.#userId = userId;
    this.#tell = tell;
    this.#heard = heard;
    this.#seed = board.seed();
    this.#stop = board.watch(() => this.#say());
    this.#say();
  }

  get heard(): number {
    return this.#heard;
  }

  received(report: FaultReport): void {
    if ('event' in report) {
      this.#board.countEvent(report.event);
      return;
    }
    this.#heard += 1;
    this.#board.countCall(report.operation, report.kind);
    this.#board.carriedOut(report.order);
  }

  stop(): void {
    this.#stop();
  }

  #say(): void {
    const orders = this.#board.ordersFor(this.#userId);
    const eventFaults = this.#board.eventFaultsOf(this.#userId);
    this.#tell({ orders, eventFaults, seed: this.#seed, heard: this.#heard });
  }
}
