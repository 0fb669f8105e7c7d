-- Changes whenever the table $2 of the schema $1 does: every change of the catalogue leaves a new xmin.
SELECT concat_ws(' ', c.oid, c.xmin, c.relkind, c.relhassubclass,
           (SELECT string_agg(concat(a.attnum, ':', a.xmin), ',' ORDER BY a.attnum)
              FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
           (SELECT string_agg(concat(i.indexrelid, ':', i.xmin), ',' ORDER BY i.indexrelid)
              FROM pg_index i WHERE i.indrelid = c.oid))
  FROM pg_class c
 WHERE c.relname = $2::text
   AND c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = $1::text)
