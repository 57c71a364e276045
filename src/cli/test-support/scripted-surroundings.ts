/** Surroundings in memory: what a command writes is kept, time stands still, Ctrl-C is a call. */
import type { Application } from '../../app/application.ts';
import type { TypeCatalogue } from '../../core/flow/index.ts';
import type { Outlet, Surroundings } from '../command.ts';
import { catalogueOf } from './scripted-application.ts';

/** An outlet that keeps what is written. */
export class KeptOutlet implements Outlet {
  text = '';
  readonly isTerminal: boolean;
  columns: number;
  rows: number;

  constructor(size?: { readonly columns: number; readonly rows: number }) {
    this.isTerminal = size !== undefined;
    this.columns = size?.columns ?? 0;
    this.rows = size?.rows ?? 0;
  }

  write(content: string | Uint8Array): void {
    this.text += typeof content === 'string' ? content : Buffer.from(content).toString('utf8');
  }

  settle(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

/** Surroundings in memory. */
export class ScriptedSurroundings implements Surroundings {
  readonly out: KeptOutlet;
  readonly err: KeptOutlet;
  readonly environment: Record<string, string> = {};
  workingFolder = '/nowhere';
  isInteractive = false;
  input = '';
  answers: string[] = [];
  at = Date.parse('2026-01-02T03:04:10.000Z');
  openedFolder: string | undefined;
  catalogue: TypeCatalogue = catalogueOf([]);
  readonly interrupts = new Set<() => void>();
  readonly exits = new Set<() => void>();
  readonly ticks = new Set<() => void>();
  readonly #application: Application | undefined;

  constructor(
    application?: Application,
    terminal?: { readonly columns: number; readonly rows: number },
  ) {
    this.#application = application;
    this.out = new KeptOutlet(terminal);
    this.err = new KeptOutlet(terminal);
  }

  readInput(): Promise<string> {
    return Promise.resolve(this.input);
  }

  ask(question: string): Promise<string> {
    this.err.write(question);
    return Promise.resolve(this.answers.shift() ?? '');
  }

  openApplication({ dataFolder }: { readonly dataFolder: string }): Promise<Application> {
    this.openedFolder = dataFolder;
    if (this.#application === undefined) return Promise.reject(new Error('no application here'));
    return Promise.resolve(this.#application);
  }

  openTransient(): Promise<Application> {
    return this.openApplication({ dataFolder: '/transient' });
  }

  loadBackupDesk(): ReturnType<Surroundings['loadBackupDesk']> {
    return Promise.reject(new Error('backups are tried on real folders'));
  }

  loadCatalogue(): Promise<TypeCatalogue> {
    return Promise.resolve(this.catalogue);
  }

  onInterrupt(listener: () => void): () => void {
    this.interrupts.add(listener);
    return () => this.interrupts.delete(listener);
  }

  onExit(listener: () => void): () => void {
    this.exits.add(listener);
    return () => this.exits.delete(listener);
  }

  now(): number {
    return this.at;
  }

  every(_milliseconds: number, tick: () => void): () => void {
    this.ticks.add(tick);
    return () => this.ticks.delete(tick);
  }

  /** Does what Ctrl-C does. */
  interrupt(): void {
    for (const listener of this.interrupts) listener();
  }
}
