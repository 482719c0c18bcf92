import { Player, type Speed } from '../story/player.js';
import { World } from '../world/world.js';

type Show = () => void;
type Follow = (world: World, player: Player) => void;

/** The world that is on show, and who plays it. A new one takes its place when the story is played again. */
export class Stage {
  readonly #shows = new Set<Show>();
  readonly #followers = new Set<Follow>();
  #world: World = new World();
  #player: Player = new Player(this.#world);

  get world(): World {
    return this.#world;
  }

  get player(): Player {
    return this.#player;
  }

  /** Draws something: at every frame that moved the world, and whenever something was done to it. */
  onShow(show: Show): void {
    this.#shows.add(show);
  }

  /** Is told of every world that comes on show, this one included. */
  onWorld(follow: Follow): void {
    this.#followers.add(follow);
    follow(this.#world, this.#player);
  }

  /** Shows what has changed. */
  show(): void {
    for (const show of this.#shows) show();
  }

  begin(): void {
    this.show();
  }

  /** The story from its beginning, at the speed that was chosen. */
  again(): void {
    const speed: Speed = this.#player.speed;
    this.#world.end();
    this.#world = new World();
    this.#player = new Player(this.#world);
    this.#player.speed = speed;
    for (const follow of this.#followers) follow(this.#world, this.#player);
    this.show();
  }

  async frame(passedMs: number): Promise<void> {
    await this.#player.frame(passedMs);
    this.show();
  }
}
