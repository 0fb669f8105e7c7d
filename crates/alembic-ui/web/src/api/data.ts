import { useQuery } from "@tanstack/react-query";
import { request } from "./client";

export interface Relation {
  schema: string;
  name: string;
  kind: string;
  estimate: number | null;
}

/** Every relation of the database. */
export function useTables() {
  return useQuery({ queryKey: ["tables"], queryFn: ({ signal }) => request<Relation[]>("/api/tables", { signal }), staleTime: 10_000 });
}
