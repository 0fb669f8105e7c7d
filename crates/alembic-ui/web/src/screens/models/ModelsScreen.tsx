import { useMemo } from "react";
import { useModels, type ModelSchema } from "@/api/models";
import { href, usePlace } from "@/app/router";
import { Button } from "@/components/Button";
import { Empty, Failure, Skeleton } from "@/components/States";
import { plural } from "@/lib/format";
import { cx } from "@/lib/cx";
import { indexOf } from "./modelIndex";
import { ModelDetail } from "./ModelDetail";
import { ModelNav } from "./ModelNav";
import { ModelProblems } from "./ModelProblems";

/** Classes by module at the left, one of them in full at the right. */
export default function ModelsScreen() {
  const models = useModels();
  if (models.isPending) return <Skeleton label="Reading the models" />;
  if (models.isError && !models.data) return <Failure error={models.error} title="The models cannot be read" action={<Button onClick={() => void models.refetch()}>Try again</Button>} />;
  return <Models schema={models.data} />;
}

function Models({ schema }: { schema: ModelSchema }) {
  const { path } = usePlace();
  const index = useMemo(() => indexOf(schema), [schema]);
  const [, kind, name] = path;
  const chosen = (kind === "class" && index.classes.get(name ?? "")) || null;
  const table = kind === "table" ? (index.tables.get(name ?? "") ?? null) : chosen?.table ? (index.tables.get(chosen.table) ?? null) : null;
  const open = chosen !== null || table !== null;
  return (
    <div className="flex h-full min-h-0">
      <div className={cx("w-64 shrink-0 border-r max-md:w-full max-md:border-r-0", open && "max-md:hidden")}>
        <ModelNav index={index} current={kind && name ? `${kind} ${name}` : null} />
      </div>
      <div tabIndex={0} role="region" aria-label="Model" className={cx("min-h-0 min-w-0 flex-1 overflow-auto", !open && "max-md:hidden")}>
        {open ? <ModelDetail key={name} index={index} chosen={chosen} table={table} /> : <Overview schema={schema} missing={kind ? (name ?? null) : null} />}
      </div>
    </div>
  );
}

function Overview({ schema, missing }: { schema: ModelSchema; missing: string | null }) {
  const { tables, classes, problems } = schema;
  if (tables.length === 0 && problems.length === 0) {
    return <Empty title="No model is defined">The models are those of <code>target_metadata</code> in env.py; set <code>SQLALCHEMY_BASE=module:Name</code> to name a base class.</Empty>;
  }
  return (
    <div className="p-4">
      {missing && <p className="mb-3 text-sm text-pending">There is no model {missing} any more.</p>}
      <h2 className="text-base font-semibold">{plural(classes.length, "class", "classes")}, {plural(tables.length, "table")}</h2>
      <p className="mt-1 max-w-[72ch] text-sm text-muted">
        Read from the source; no Python ran. <a className="text-accent underline" href={href(["diagram"])}>See them as a diagram</a>.
      </p>
      {problems.length === 0 ? (
        <p className="mt-3 text-sm text-applied">● Everything is known</p>
      ) : (
        <ModelProblems className="mt-4" problems={problems} title={`${plural(problems.length, "thing is", "things are")} not known`} />
      )}
    </div>
  );
}
