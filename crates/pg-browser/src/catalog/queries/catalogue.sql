-- Everything that can be browsed, as one JSON document. Sizes come from pg_class: pg_relation_size would wait for locks.
WITH RECURSIVE relation AS (
    SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relispartition,
           CASE WHEN c.reltuples >= 0 AND c.relkind <> 'v' THEN c.reltuples::bigint END AS estimate,
           greatest(c.relpages, 0) + coalesce(t.relpages, 0) + coalesce(ti.pages, 0) + coalesce(i.pages, 0) AS pages
      FROM pg_class c
      LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
      LEFT JOIN LATERAL (
          SELECT sum(greatest(x.relpages, 0)) AS pages FROM pg_index d JOIN pg_class x ON x.oid = d.indexrelid WHERE d.indrelid = c.oid
      ) i ON true
      LEFT JOIN LATERAL (
          SELECT sum(greatest(x.relpages, 0)) AS pages FROM pg_index d JOIN pg_class x ON x.oid = d.indexrelid WHERE d.indrelid = t.oid
      ) ti ON true
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND c.relnamespace NOT IN (
           SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast'))
), leaf (root, oid) AS (
    SELECT oid, oid FROM relation WHERE relkind = 'p'
     UNION ALL
    SELECT l.root, i.inhrelid FROM leaf l JOIN pg_inherits i ON i.inhparent = l.oid
), divided AS (
    SELECT l.root, sum(r.estimate)::bigint AS estimate
      FROM leaf l JOIN relation r ON r.oid = l.oid AND r.relkind <> 'p' GROUP BY l.root
), listed AS (
    SELECT r.relnamespace, json_agg(json_build_object(
               'name', json_build_object('schema', n.nspname, 'name', r.relname),
               'kind', CASE r.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned_table' WHEN 'v' THEN 'view'
                       WHEN 'm' THEN 'materialized_view' ELSE 'foreign_table' END,
               'comment', obj_description(r.oid, 'pg_class'),
               'row_estimate', CASE WHEN r.relkind = 'p' THEN d.estimate ELSE r.estimate END,
               'size_bytes', r.pages * current_setting('block_size')::bigint,
               'partition_of', CASE WHEN r.relispartition THEN (
                       SELECT json_build_object('schema', pn.nspname, 'name', p.relname)
                         FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                         JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = r.oid) END,
               'is_readable', has_any_column_privilege(r.oid, 'SELECT'),
               'columns', coalesce(a.list, '[]'),
               'foreign_keys', coalesce(f.list, '[]')
           ) ORDER BY r.relname COLLATE "C") AS tables
      FROM relation r
      JOIN pg_namespace n ON n.oid = r.relnamespace
      LEFT JOIN divided d ON d.root = r.oid
      LEFT JOIN LATERAL (
          SELECT json_agg(json_build_object(
                     'name', k.conname,
                     'table', json_build_object('schema', n.nspname, 'name', c.relname),
                     'columns', (SELECT json_agg(a.attname ORDER BY p.at) FROM unnest(k.conkey) WITH ORDINALITY p (number, at)
                                   JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number),
                     'referenced_table', json_build_object('schema', fn.nspname, 'name', f.relname),
                     'referenced_columns', (SELECT json_agg(a.attname ORDER BY p.at)
                                   FROM unnest(k.confkey) WITH ORDINALITY p (number, at)
                                   JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.number),
                     'on_update', CASE k.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                                  WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END,
                     'on_delete', CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE'
                                  WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
                 ) ORDER BY k.conname) AS list
            FROM pg_constraint k
            JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
           WHERE k.contype = 'f' AND k.conrelid = r.oid
             -- A foreign key to a partitioned table has a copy for each partition over there.
             AND (k.conparentid = 0 OR c.relispartition AND NOT f.relispartition)
      ) f ON true
      LEFT JOIN LATERAL (
          SELECT json_agg(json_build_object(
                     'name', a.attname,
                     'type_name', format_type(a.atttypid, a.atttypmod),
                     'is_key', coalesce(a.attnum = ANY (k.conkey), false)
                 ) ORDER BY a.attnum) AS list
            FROM pg_attribute a
            LEFT JOIN pg_constraint k ON k.conrelid = r.oid AND k.contype = 'p'
           WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
      ) a ON true
     GROUP BY r.relnamespace
)
SELECT coalesce(json_agg(json_build_object(
           'name', n.nspname,
           'comment', obj_description(n.oid, 'pg_namespace'),
           'tables', coalesce(l.tables, '[]')
       ) ORDER BY n.nspname COLLATE "C"), '[]')::text
  FROM pg_namespace n
  LEFT JOIN listed l ON l.relnamespace = n.oid
 WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
   AND n.nspname !~ '^pg_(toast_)?temp_'
   AND has_schema_privilege(n.oid, 'USAGE')
