import { lazy, type ComponentType } from "react";
import { Activity, Boxes, Database, GitBranch, Settings, SquareTerminal, Workflow } from "lucide-react";
import { MigrationsScreen } from "@/screens/migrations/MigrationsScreen";

/** A screen: its name in the address and on the rail, and the key after `g`. */
export interface Screen {
  id: string;
  name: string;
  key: string;
  icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  component: ComponentType;
}

/** The screens, in the order of the rail. The first one is loaded at once, the others when they are gone to. */
export const screens: Screen[] = [
  { id: "migrations", name: "Migrations", key: "m", icon: GitBranch, component: MigrationsScreen },
  { id: "data", name: "Data", key: "d", icon: Database, component: lazy(() => import("@/screens/data/DataScreen")) },
  { id: "query", name: "Query", key: "q", icon: SquareTerminal, component: lazy(() => import("@/screens/query/QueryScreen")) },
  { id: "activity", name: "Activity", key: "a", icon: Activity, component: lazy(() => import("@/screens/activity/ActivityScreen")) },
  { id: "models", name: "Models", key: "o", icon: Boxes, component: lazy(() => import("@/screens/models/ModelsScreen")) },
  { id: "diagram", name: "Diagram", key: "e", icon: Workflow, component: lazy(() => import("@/screens/diagram/DiagramScreen")) },
  { id: "settings", name: "Settings", key: "s", icon: Settings, component: lazy(() => import("@/screens/settings/SettingsScreen")) },
];

/** The screen of a path; the first one when there is none of that name. */
export function screenOf(path: string[]): Screen {
  return screens.find(({ id }) => id === path[0]) ?? screens[0]!;
}
