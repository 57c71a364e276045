/** Secrets: values that a flow may use and nobody may see. */

/** Secrets by name. */
export interface Secrets {
  /** Returns the secret, or undefined when there is none. */
  get(key: string, namespace: string): Promise<string | undefined>;
}
