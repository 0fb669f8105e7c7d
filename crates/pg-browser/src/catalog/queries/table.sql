-- Everything about the table $2 of the schema $1, as one JSON document.
WITH relation AS (
    SELECT c.*, n.nspname,
           has_any_column_privilege(c.oid, 'SELECT') AS can_select,
           has_any_column_privilege(c.oid, 'INSERT') AS can_insert,
           has_any_column_privilege(c.oid, 'UPDATE') AS can_update
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1::text AND c.relname = $2::text AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND has_schema_privilege(n.oid, 'USAGE')
), foreign_key AS (
    SELECT k.conrelid, k.confrelid, k.conparentid, k.conname, n.nspname, c.relname, json_build_object(
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
           ) AS description
      FROM relation r
      JOIN pg_constraint k ON k.contype = 'f' AND (k.conrelid = r.oid OR k.confrelid = r.oid)
      JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_class f ON f.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = f.relnamespace
     -- A foreign key to a partitioned table has a copy for each partition over there.
     WHERE k.conparentid = 0 OR c.relispartition AND NOT f.relispartition
)
SELECT json_build_object(
    'name', json_build_object('schema', r.nspname, 'name', r.relname),
    'oid', r.oid::bigint,
    'kind', CASE r.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned_table' WHEN 'v' THEN 'view'
            WHEN 'm' THEN 'materialized_view' ELSE 'foreign_table' END,
    'owner', pg_get_userbyid(r.relowner),
    'comment', obj_description(r.oid, 'pg_class'),
    'row_estimate', CASE
        WHEN r.relkind = 'v' THEN NULL
        WHEN r.relkind = 'p' THEN (
            WITH RECURSIVE leaf (oid) AS (
                SELECT r.oid UNION ALL SELECT i.inhrelid FROM leaf l JOIN pg_inherits i ON i.inhparent = l.oid)
            SELECT sum(c.reltuples)::bigint FROM leaf JOIN pg_class c USING (oid)
             WHERE c.relkind <> 'p' AND c.reltuples >= 0)
        WHEN r.reltuples >= 0 THEN r.reltuples::bigint END,
    'size_bytes', current_setting('block_size')::bigint * (
        SELECT coalesce(sum(greatest(c.relpages, 0)), 0) FROM pg_class c
         WHERE c.oid IN (r.oid, r.reltoastrelid)
            OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid IN (r.oid, r.reltoastrelid))),
    'columns', (
        SELECT coalesce(json_agg(json_build_object(
            'name', a.attname,
            'position', a.attnum,
            'type_name', format_type(a.atttypid, a.atttypmod),
            -- Not a domain: an explicit cast to one cuts what is too long.
            'cast_type', format_type(b.oid, -1),
            'type_kind', CASE
                WHEN t.typtype = 'd' THEN json_build_object('kind', 'domain',
                    'base', format_type(t.typbasetype, t.typtypmod),
                    'checks', (SELECT coalesce(json_agg(pg_get_constraintdef(k.oid) ORDER BY k.conname), '[]')
                                 FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
                WHEN t.typtype = 'e' THEN json_build_object('kind', 'enum',
                    'values', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]')
                                 FROM pg_enum e WHERE e.enumtypid = t.oid))
                WHEN t.typtype = 'c' THEN json_build_object('kind', 'composite',
                    'fields', (SELECT coalesce(json_agg(json_build_object('name', f.attname,
                                          'type_name', format_type(f.atttypid, f.atttypmod)) ORDER BY f.attnum), '[]')
                                 FROM pg_attribute f
                                WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped))
                WHEN t.typtype = 'r' THEN json_build_object('kind', 'range',
                    'subtype', (SELECT format_type(g.rngsubtype, -1) FROM pg_range g WHERE g.rngtypid = t.oid))
                WHEN t.typtype = 'm' THEN json_build_object('kind', 'multirange',
                    'range', (SELECT format_type(g.rngtypid, -1) FROM pg_range g WHERE g.rngmultitypid = t.oid))
                WHEN t.typcategory = 'A' THEN json_build_object('kind', 'array',
                    'element', format_type(t.typelem, -1),
                    'values', (SELECT coalesce(json_agg(e.enumlabel ORDER BY e.enumsortorder), '[]')
                                 FROM pg_enum e WHERE e.enumtypid = t.typelem))
                WHEN t.typtype = 'p' THEN json_build_object('kind', 'pseudo')
                ELSE json_build_object('kind', 'base') END,
            'is_nullable', NOT (a.attnotnull OR t.typnotnull),
            'is_never_null', a.attnotnull,
            'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
            'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by_default' END,
            'generated', CASE WHEN a.attgenerated <> '' THEN json_build_object(
                'is_stored', a.attgenerated = 's', 'expression', pg_get_expr(d.adbin, d.adrelid)) END,
            'collation', CASE WHEN a.attcollation <> t.typcollation THEN (
                SELECT quote_ident(cn.nspname) || '.' || quote_ident(c.collname)
                  FROM pg_collation c JOIN pg_namespace cn ON cn.oid = c.collnamespace WHERE c.oid = a.attcollation) END,
            'comment', col_description(a.attrelid, a.attnum),
            'is_orderable', coalesce(
                o.opcfamily IS NOT NULL OR b.typtype IN ('e', 'r', 'm', 'c')
                OR b.typcategory = 'A' AND b.typelem <> 0 AND EXISTS (
                    SELECT FROM pg_type e WHERE e.oid = b.typelem AND (e.typtype IN ('e', 'r', 'm', 'c', 'd') OR EXISTS (
                        SELECT FROM pg_opclass x WHERE x.opcmethod = 403 AND x.opcdefault AND (x.opcintype = e.oid
                            OR EXISTS (SELECT FROM pg_cast k WHERE k.castsource = e.oid AND k.casttarget = x.opcintype
                                          AND k.castmethod = 'b' AND k.castcontext = 'i'))))), false),
            'has_equality', EXISTS (
                SELECT FROM pg_opclass x WHERE x.opcdefault AND x.opcmethod = 405 AND x.opcintype = b.oid),
            'operator_schema', (
                SELECT nullif(n.nspname, 'pg_catalog')
                  FROM pg_amop p JOIN pg_operator q ON q.oid = p.amopopr JOIN pg_namespace n ON n.oid = q.oprnamespace
                 WHERE p.amopfamily = o.opcfamily AND p.amopstrategy = 1
                   AND p.amoplefttype = o.opcintype AND p.amoprighttype = o.opcintype),
            'can_select', has_column_privilege(a.attrelid, a.attnum, 'SELECT'),
            'can_insert', has_column_privilege(a.attrelid, a.attnum, 'INSERT'),
            'can_update', has_column_privilege(a.attrelid, a.attnum, 'UPDATE'),
            'text_form', CASE
                WHEN b.oid = 'bytea'::regtype THEN 'bytes'
                WHEN b.oid IN ('xml'::regtype) OR EXISTS (
                    SELECT FROM pg_cast k WHERE k.castsource = b.oid AND k.casttarget = 'text'::regtype
                       AND k.castmethod = 'f') THEN 'output'
                WHEN b.typlen > 0 THEN 'short'
                ELSE 'cast' END
        ) ORDER BY a.attnum), '[]')
          FROM pg_attribute a
          JOIN pg_type t ON t.oid = a.atttypid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
          -- The type beneath all domains.
          CROSS JOIN LATERAL (
              WITH RECURSIVE beneath AS (
                  SELECT t.oid, t.typtype, t.typbasetype
                   UNION ALL
                  SELECT u.oid, u.typtype, u.typbasetype FROM beneath JOIN pg_type u ON u.oid = beneath.typbasetype
                   WHERE beneath.typtype = 'd')
              SELECT u.oid, u.typtype, u.typcategory, u.typelem, u.typlen
                FROM beneath JOIN pg_type u ON u.oid = beneath.oid WHERE beneath.typtype <> 'd'
          ) b
          -- How it sorts: by a B-tree class of its own, or of a type that is the same in memory.
          LEFT JOIN LATERAL (
              SELECT x.opcfamily, x.opcintype
                FROM pg_opclass x
               WHERE x.opcmethod = 403 AND x.opcdefault
                 AND (x.opcintype = b.oid OR x.opcintype IN (
                      SELECT k.casttarget FROM pg_cast k
                       WHERE k.castsource = b.oid AND k.castmethod = 'b' AND k.castcontext = 'i'))
               ORDER BY x.opcintype <> b.oid LIMIT 1
          ) o ON true
         WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'primary_key', (
        SELECT json_build_object('name', k.conname, 'columns', (
                   SELECT json_agg(a.attname ORDER BY p.at) FROM unnest(k.conkey) WITH ORDINALITY p (number, at)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number))
          FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'p'),
    'unique_keys', (
        SELECT coalesce(json_agg(json_build_object('name', k.conname, 'columns', (
                   SELECT json_agg(a.attname ORDER BY p.at) FROM unnest(k.conkey) WITH ORDINALITY p (number, at)
                     JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.number)) ORDER BY k.conname), '[]')
          FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'u'),
    'foreign_keys', (
        SELECT coalesce(json_agg(f.description ORDER BY f.conname), '[]')
          FROM foreign_key f WHERE f.conrelid = r.oid),
    'referenced_by', (
        SELECT coalesce(json_agg(f.description ORDER BY f.nspname, f.relname, f.conname), '[]')
          FROM foreign_key f WHERE f.confrelid = r.oid AND f.conparentid = 0),
    'indexes', (
        SELECT coalesce(json_agg(json_build_object(
            'name', c.relname,
            'method', m.amname,
            'columns', (SELECT json_agg(a.attname ORDER BY p.at)
                          FROM unnest(i.indkey::int2[]) WITH ORDINALITY p (number, at)
                          LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = p.number AND p.number <> 0
                         WHERE p.at <= i.indnkeyatts),
            'options', (SELECT json_agg(o.option ORDER BY o.at)
                          FROM unnest(i.indoption::int2[]) WITH ORDINALITY o (option, at) WHERE o.at <= i.indnkeyatts),
            'is_plain', (SELECT json_agg(m.amname = 'btree' AND o.opcdefault
                                         AND coalesce(a.attcollation = l.rule, false) ORDER BY o.at)
                           FROM (SELECT x.at, q.opcdefault FROM unnest(i.indclass::oid[]) WITH ORDINALITY x (class, at)
                                   JOIN pg_opclass q ON q.oid = x.class) o
                           JOIN unnest(i.indkey::int2[]) WITH ORDINALITY p (number, at) ON p.at = o.at
                           JOIN unnest(i.indcollation::oid[]) WITH ORDINALITY l (rule, at) ON l.at = o.at
                           LEFT JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = p.number AND p.number <> 0
                          WHERE o.at <= i.indnkeyatts),
            'is_unique', i.indisunique,
            'is_immediate', i.indimmediate,
            'is_primary', i.indisprimary,
            'is_valid', i.indisvalid,
            'is_partial', i.indpred IS NOT NULL,
            'size_bytes', greatest(c.relpages, 0) * current_setting('block_size')::bigint,
            'definition', pg_get_indexdef(i.indexrelid)
        ) ORDER BY NOT i.indisprimary, c.relname), '[]')
          FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
         WHERE i.indrelid = r.oid),
    'checks', (
        SELECT coalesce(json_agg(json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid))
                   ORDER BY k.conname), '[]')
          FROM pg_constraint k WHERE k.conrelid = r.oid AND k.contype = 'c'),
    'partitioning', CASE WHEN r.relkind = 'p' THEN json_build_object(
        'key', pg_get_partkeydef(r.oid),
        'partitions', (
            SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', c.relname)
                       ORDER BY n.nspname, c.relname), '[]')
              FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE i.inhparent = r.oid)) END,
    'partition_of', CASE WHEN r.relispartition THEN (
        SELECT json_build_object('schema', n.nspname, 'name', c.relname)
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE i.inhrelid = r.oid) END,
    'has_children', EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = r.oid),
    'privileges', json_build_object(
        'select', r.can_select, 'insert', r.can_insert, 'update', r.can_update,
        'delete', has_table_privilege(r.oid, 'DELETE')),
    'reads_system_columns', has_table_privilege(r.oid, 'SELECT'),
    'has_row_security', row_security_active(r.oid),
    'definition', CASE WHEN r.relkind IN ('v', 'm') THEN pg_get_viewdef(r.oid) END,
    'updatable', CASE WHEN r.relkind IN ('r', 'p') THEN 28 ELSE pg_relation_is_updatable(r.oid, true) END,
    'row_key', json_build_object('kind', 'all_columns')
)::text
  FROM relation r
