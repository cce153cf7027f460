import type { Graph } from '../graph/graph.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import type { LoadedComponent } from '../protocol/generation.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { isBesideDenoiser, kindOf } from './repository-layout.ts';

/**
 * Called before a component is opened, with null, and then with how much of its weights the device has: 0 … 1.
 */
export type OnLoad = (component: LoadedComponent, fraction: number | null) => void;

/** The VAE that shows previews, and a part of a component: small, needed between all others, they never make room for them. */
const PREVIEW = 'preview';
const ENCODER = 'vae encoder';
const PART = ' part';
const isSmall = (key: string) => key === PREVIEW || key.endsWith(PART);

/** Whether a component that is open is closed for another one, where they are loaded one by one. */
const makesRoom = (open: string, next: string) =>
  !isSmall(open) && !(isBesideDenoiser(open) && isBesideDenoiser(next));

/** A session, and what is open beside it over the same weights, by shape. */
interface Open {
  readonly shape: string;
  readonly session: Session;
  readonly beside: Map<string, Session>;
}

/**
 * A model's open sessions, one per component. A session is built for one shape of its inputs; opening the component for
 * another shape closes it first.
 */
export class SessionCache {
  /** Whether other components stay open when one is opened, or are closed first. */
  residency: MemoryPlan['residency'] = 'all';
  /** Whether the VAE's encoder stays open beside its decoder. */
  keepsEncoder = false;
  readonly #runtime: Runtime;
  readonly #onLoad: OnLoad;
  readonly #sessions = new Map<string, Open>();

  constructor(runtime: Runtime, onLoad: OnLoad) {
    this.#runtime = runtime;
    this.#onLoad = onLoad;
  }

  /**
   * The component's session for this shape: the one that is open, or a new one.
   * @param shape anything that JSON can tell apart: sizes, and what else the graph depends on
   * @throws AppError out-of-memory when it doesn't fit; the session it would have replaced is closed by then
   */
  async open(component: string, shape: unknown, create: () => Promise<Session>): Promise<Session> {
    return this.#open(component, component, shape, create);
  }

  /** The same for the VAE that shows previews, which is reported as the VAE. */
  async openPreview(shape: unknown, create: () => Promise<Session>): Promise<Session> {
    return this.#open(PREVIEW, 'vae', shape, create);
  }

  /** The same for the VAE's encoder, in the place of its decoder unless it is kept beside it. */
  async openEncoder(shape: unknown, create: () => Promise<Session>): Promise<Session> {
    return this.#open(this.keepsEncoder ? ENCODER : 'vae', 'vae', shape, create);
  }

  /** The same for a part of a component that works beside it, with a copy of its few weights. */
  async openPart(component: string, shape: unknown, create: () => Promise<Session>): Promise<Session> {
    return this.#open(component + PART, component, shape, create);
  }

  /**
   * A session for another shape beside the component's open one, whose weights it reads.
   * @returns undefined where the device would have to load them again
   * @throws AppError out-of-memory, device-lost
   */
  async openBeside(
    component: string,
    shape: unknown,
    graph: () => Promise<Graph>,
  ): Promise<Session | undefined> {
    const { session, beside } = this.#sessions.get(component) as Open;
    const key = JSON.stringify(shape);
    const known = beside.get(key);
    if (known || !session.openBeside) return known;
    const opened = await session.openBeside(await graph());
    beside.set(key, opened);
    return opened;
  }

  /** Puts a component's graph and weights on the device. @throws AppError out-of-memory, device-lost */
  create(component: string, graph: Graph): Promise<Session> {
    return this.#runtime.open(graph, (fraction) => this.#onLoad(kindOf(component), fraction));
  }

  /** The components that are open. */
  get components(): readonly string[] {
    return [...this.#sessions.keys()];
  }

  /** Closes these components' sessions, or all of them. */
  async release(components: readonly string[] = [...this.#sessions.keys()]): Promise<void> {
    for (const component of components.flatMap((name) => [name + PART, name])) {
      const open = this.#sessions.get(component);
      this.#sessions.delete(component);
      for (const session of open?.beside.values() ?? []) await session.release();
      await open?.session.release();
    }
  }

  async #open(
    key: string,
    component: string,
    shape: unknown,
    create: () => Promise<Session>,
  ): Promise<Session> {
    if (!this.keepsEncoder && this.#sessions.has(ENCODER)) await this.release([ENCODER]);
    const shapeKey = JSON.stringify(shape);
    const open = this.#sessions.get(key);
    if (open?.shape === shapeKey) return open.session;
    const others = this.residency === 'one-by-one' && !isSmall(key) ? [...this.#sessions.keys()] : [];
    await this.release([key, ...others.filter((other) => other !== key && makesRoom(other, key))]);
    this.#onLoad(kindOf(component), null);
    const session = await create();
    this.#sessions.set(key, { shape: shapeKey, session, beside: new Map() });
    return session;
  }
}
