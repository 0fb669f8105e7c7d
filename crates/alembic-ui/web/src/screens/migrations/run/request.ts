import type { RunCommand } from "@/api/types";

/** A run that was asked for and is not confirmed yet. */
export interface RunRequest {
  command: RunCommand;
  target: string;
}
