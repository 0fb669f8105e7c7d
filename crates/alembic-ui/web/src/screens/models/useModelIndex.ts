import { useMemo } from "react";
import { useModels } from "@/api/models";
import { indexOf, type ModelIndex } from "./modelIndex";

/** The models for screens that can do without them: null while they are not there. */
export function useModelIndex(): ModelIndex | null {
  const { data } = useModels();
  return useMemo(() => (data ? indexOf(data) : null), [data]);
}
