/** A run that was asked for and is not confirmed yet. */
export interface RunRequest {
  command: "upgrade" | "downgrade" | "stamp";
  target: string;
}

/** `alembic upgrade heads`, as one would type it. */
export function asTyped({ command, target }: RunRequest): string {
  return `alembic ${command} ${target}`;
}
