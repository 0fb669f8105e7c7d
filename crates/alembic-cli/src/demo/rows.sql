-- Rows for the pet shop at revision 6916fff7113d ("put a price and a duration on manipulations"), PostgreSQL.
-- The same rows every time, but for dates: those are counted from today.
SET LOCAL client_min_messages = warning;

WITH names AS (
    SELECT
        ARRAY['Ada','Ben','Chiara','David','Elif','Finn','Greta','Hugo','Ines','Jonas','Kofi','Lena','Mateo','Nora',
              'Oskar','Paula','Quentin','Rosa','Samir','Tilda','Uma','Viktor','Wanda','Xenia','Yusuf','Zoë'] AS given,
        ARRAY['Andersson','Bauer','Costa','Dubois','Eriksen','Fischer','García','Hansen','Ivanova','Janssen',
              'Kowalski','Lindqvist','Müller','Novák','O''Brien','Petrov','Quispe','Rossi','Schmidt','Tanaka',
              'Urban','Vogel','Weber','Yıldız','Zimmermann'] AS family,
        ARRAY['Hauptstraße','Lindenweg','Mill Lane','Rue du Port','Via Roma','Kirkegata','Calle Mayor'] AS street,
        ARRAY['Bremen','Lyon','Porto','Turin','Bergen','Gdańsk','Leeds','Sevilla'] AS city
)
INSERT INTO owners (id, given_name, family_name, email, phone, address, newsletter, registered_at)
SELECT
    md5('owner ' || n)::uuid,
    given[1 + n * 7 % cardinality(given)],
    family[1 + n * 11 % cardinality(family)],
    'owner' || n || '@example.org',
    CASE WHEN n % 9 <> 0 THEN '+49 421 ' || lpad((n * 7919 % 1000000)::text, 6, '0') END,
    CASE WHEN n % 5 <> 0 THEN jsonb_build_object(
        'street', street[1 + n % cardinality(street)] || ' ' || 1 + n % 140,
        'city', city[1 + n * 3 % cardinality(city)],
        'postcode', lpad((n * 3571 % 100000)::text, 5, '0')
    ) END,
    n % 3 = 0,
    date_trunc('minute', now()) - make_interval(days => n * 13 % 1400, mins => n * 37 % 1440)
FROM generate_series(1, 1000) AS n, names;

WITH words AS (
    SELECT
        ARRAY['Balu','Cleo','Djinn','Emma','Filou','Gizmo','Hazel','Ivy','Juno','Kiwi','Luna','Milo','Nala','Otto',
              'Pixel','Quax','Rocky','Simba','Tapsi','Uschi','Vito','Whisky','Yuki','Zorro'] AS pet,
        ARRAY['calm','curious','shy','playful','bites','loud','greedy','gentle'] AS temper,
        (SELECT array_agg(id ORDER BY id) FROM species) AS kind,
        -- Dogs and cats come often, bearded dragons hardly ever.
        ARRAY[1,1,1,1,1,2,2,2,2,3,3,4,4,5,6] AS share,
        ARRAY[18.0, 4.2, 2.1, 0.9, 0.04, 0.4] AS weight
)
INSERT INTO pets (owner_id, species_id, name, sex, born_on, weight_kg, neutered, created_at, microchip, temperament, photo)
SELECT
    o.id,
    kind[share[1 + n * 17 % cardinality(share)]],
    pet[1 + n * 5 % cardinality(pet)],
    (ARRAY['female','male','female','male','unknown'])[1 + n % 5]::pet_sex,
    CASE WHEN n % 11 <> 0 THEN current_date - (60 + n * 29 % 3800) END,
    round((weight[share[1 + n * 17 % cardinality(share)]] * (0.6 + n * 31 % 90 / 100.0))::numeric, 3),
    n % 4 = 0,
    o.registered_at + make_interval(mins => n % 180),
    CASE WHEN n % 3 <> 0 THEN '276' || lpad((n::bigint * 100003 % 1000000000000)::text, 12, '0') END,
    CASE WHEN n % 4 <> 0 THEN ARRAY[temper[1 + n % 8], temper[1 + (n + 3) % 8]] END,
    -- A picture of one pixel.
    CASE WHEN n % 50 = 0 THEN decode(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'
    ) END
FROM generate_series(1, 1800) AS n
CROSS JOIN words
JOIN owners o ON o.id = md5('owner ' || 1 + n * 7 % 1000)::uuid;

WITH words AS (
    SELECT
        ARRAY['Dr. Amari','Dr. Brandt','Dr. Chen','Nurse Dietz','Groomer Ekman'] AS who,
        ARRAY['checkup','vaccination','checkup','grooming','vaccination','checkup','grooming','surgery'] AS kind
), planned AS (
    SELECT
        n, p.id AS pet_id, kind[1 + n * 13 % 8]::manipulation_kind AS kind,
        who[CASE WHEN n * 13 % 8 IN (3, 6) THEN 5 ELSE 1 + n % 4 END] AS who,
        -- From two years ago to two months ahead, between eight and eighteen o'clock.
        date_trunc('day', now()) - make_interval(days => n * 47 % 790 - 60)
            + make_interval(hours => 8 + n % 10, mins => n * 15 % 60) AS at
    FROM generate_series(1, 6000) AS n
    CROSS JOIN words
    JOIN pets p ON p.id = (SELECT min(id) FROM pets) + n * 11 % 1800
)
INSERT INTO manipulations
    (id, pet_id, kind, scheduled_for, performed_at, performed_by, note, price, currency, duration)
SELECT
    md5('manipulation ' || n)::uuid,
    pet_id,
    kind,
    at,
    CASE WHEN at < now() AND n % 17 <> 0 THEN at + make_interval(mins => n % 25) END,
    CASE WHEN at < now() AND n % 17 <> 0 THEN who END,
    CASE n % 23
        WHEN 0 THEN 'owner asks for a call afterwards'
        WHEN 5 THEN 'sedate before touching: see the last visit'
        WHEN 9 THEN E'limps on the left hind leg\nX-ray in two weeks unless it gets better'
    END,
    CASE kind
        WHEN 'checkup' THEN 35 + n % 4 * 5
        WHEN 'vaccination' THEN 49.90
        WHEN 'grooming' THEN 28 + n % 6 * 3.5
        WHEN 'surgery' THEN 220 + n % 30 * 17.25
    END,
    CASE WHEN n % 40 = 0 THEN 'CHF' ELSE 'EUR' END,
    CASE WHEN at < now() AND n % 17 <> 0 THEN make_interval(mins => CASE kind WHEN 'surgery' THEN 90 ELSE 15 END + n % 20) END
FROM planned;

WITH done AS (
    SELECT id, kind, performed_at, row_number() OVER (ORDER BY id) AS n
    FROM manipulations
    WHERE performed_at IS NOT NULL
), measured AS (
    SELECT id, n, performed_at, 'temperature' AS name,
        replace(round(37.8 + n % 18 / 10.0, 1)::text, '.', CASE WHEN n % 2 = 0 THEN ',' ELSE '.' END) || ' °C' AS value
    FROM done WHERE kind <> 'grooming'
    UNION ALL
    SELECT id, n, performed_at, 'weight', round(3 + n % 240 / 10.0, 1) || ' kg' FROM done WHERE n % 2 = 0
    UNION ALL
    SELECT id, n, performed_at, 'heart rate', 80 + n % 70 || ' bpm' FROM done WHERE kind = 'surgery'
    UNION ALL
    SELECT id, n, performed_at, 'vaccine', (ARRAY['rabies','distemper','parvo','leptospirosis'])[1 + n % 4]
    FROM done WHERE kind = 'vaccination'
    UNION ALL
    SELECT id, n, performed_at, 'coat', (ARRAY['shiny','matted','dry','as it should be'])[1 + n % 4]
    FROM done WHERE kind = 'grooming'
)
INSERT INTO manipulation_facts (manipulation_id, name, value, measured_at)
SELECT id, name, value, performed_at + make_interval(mins => 2) FROM measured ORDER BY performed_at, id, name;
