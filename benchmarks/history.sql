-- Old tickets of one mall, in tables with the names and columns of the database. Run by history.py, which
-- fills in $mall, $count, $days, $last, $services, $epoch and $shift; `offered` holds the services.
CREATE OR REPLACE MACRO chance(n, which) AS (hash(n * 16 + which) % 1000003) / 1000003.0;
CREATE OR REPLACE MACRO made_id(us, turn) AS (((us // 1000 - $epoch) << $shift) | turn);
-- Who came when for what: six services have a third of all visitors, the day lasts seven hours.
CREATE OR REPLACE TABLE drawn AS
    SELECT n, DATE '$last' - CAST(($days - 1 - n * $days // $count) * 7 // 5 AS INTEGER) AS day,
        CAST(CASE WHEN chance(n, 1) < 0.3 THEN floor(chance(n, 2) * 6) * ($services // 6)
                  ELSE floor(chance(n, 2) * $services) END AS INTEGER) AS service,
        CAST(floor((1 + 7 * chance(n, 3)) * 3600e6) AS BIGINT) AS after_us,
        CAST(floor(5e6 + chance(n, 5) * 30e6) AS BIGINT) AS response_us,
        CAST(floor((20 - ln(1 - chance(n, 6)) * 80) * 1e6) AS BIGINT) AS service_us,
        CASE WHEN chance(n, 7) < 0.90 THEN 'completed' WHEN chance(n, 7) < 0.95 THEN 'no_show'
             ELSE 'cancelled' END AS state
    FROM range($count) r (n);
CREATE OR REPLACE TABLE told AS
    SELECT d.*, o.id AS service_id, o.prefix, epoch_us(CAST(day AS TIMESTAMP)) + after_us AS joined_us,
        o.counters[1 + CAST(floor(chance(d.n, 9) * len(o.counters)) AS INTEGER)] AS counter_id,
        CASE state WHEN 'completed' THEN response_us + service_us WHEN 'no_show' THEN 60000000
            ELSE 0 END AS busy_us,
        row_number() OVER (PARTITION BY day, prefix ORDER BY after_us, d.n) AS number
    FROM drawn d JOIN offered o ON o.n = d.service;
-- Each counter takes its visitors in the order they came, one at a time: one is done when all before
-- and it are, counted from the last moment at which nobody was left.
CREATE OR REPLACE TABLE served AS
    SELECT *, spent_us + max(joined_us - (spent_us - busy_us)) OVER (
            PARTITION BY day, counter_id ORDER BY joined_us, n) AS ended_us
    FROM (SELECT *, sum(busy_us) OVER (PARTITION BY day, counter_id ORDER BY joined_us, n) AS spent_us
          FROM told);
CREATE OR REPLACE TABLE stories AS
    SELECT * REPLACE (CAST(ended_us AS BIGINT) AS ended_us),
        strftime(make_timestamp(joined_us), '%Y-%m-%dT%H:%M:%S.%f+00:00') AS joined,
        prefix || '-' || lpad(CAST(number AS TEXT), 3, '0') AS label,
        CAST(chance(n, 10) * 12 AS INTEGER) AS ahead,
        made_id(joined_us, row_number() OVER (PARTITION BY joined_us // 1000 ORDER BY n)) AS id,
        CAST(ended_us - busy_us AS BIGINT) AS called_us,
        CAST(ended_us - busy_us + response_us AS BIGINT) AS started_us
    FROM served;
CREATE TABLE IF NOT EXISTS number_series (mall_id BIGINT, prefix TEXT, day DATE, last_number BIGINT);
INSERT INTO number_series SELECT $mall, prefix, day, max(number) FROM stories GROUP BY ALL;
CREATE TABLE IF NOT EXISTS visits (
    mall_id BIGINT, id BIGINT, token TEXT, day DATE, locale TEXT, created_at TIMESTAMP);
INSERT INTO visits SELECT $mall, id, substr(md5('$mall' || n), 1, 22), day, 'id', make_timestamp(joined_us)
    FROM stories;
CREATE TABLE IF NOT EXISTS tickets (
    mall_id BIGINT, id BIGINT, visit_id BIGINT, service_id BIGINT, day DATE, prefix TEXT,
    number BIGINT, label TEXT, state TEXT, priority TEXT, lane INTEGER, channel TEXT,
    joined_at TIMESTAMP, rank_at TIMESTAMP, ahead_at_join INTEGER, open_at_join INTEGER,
    calls INTEGER, events INTEGER, counter_id BIGINT, called_at TIMESTAMP, started_at TIMESTAMP,
    ended_at TIMESTAMP, reason TEXT, outcome TEXT, issuer TEXT, issue_key TEXT, issue_hash TEXT);
INSERT INTO tickets
    SELECT $mall, id, id, service_id, day, prefix, number, label, state, 'regular', 0,
        'kiosk', make_timestamp(joined_us), make_timestamp(joined_us), ahead, 2,
        CAST(state <> 'cancelled' AS INTEGER),
        CASE state WHEN 'completed' THEN 4 WHEN 'no_show' THEN 3 ELSE 2 END,
        CASE WHEN state <> 'cancelled' THEN counter_id END,
        CASE WHEN state <> 'cancelled' THEN make_timestamp(called_us) END,
        CASE WHEN state = 'completed' THEN make_timestamp(started_us) END,
        make_timestamp(ended_us), CASE WHEN state <> 'cancelled' THEN 'satu-satunya antrean yang menunggu untuk loket ini' END,
        CASE WHEN state = 'completed' THEN 'done' END, 'device:1', 'old-' || '$mall-' || n,
        md5(label) || md5(CAST(n AS TEXT))
    FROM stories;
CREATE TABLE IF NOT EXISTS ticket_events (
    mall_id BIGINT, id BIGINT, ticket_id BIGINT, seq INTEGER, day DATE, "at" TIMESTAMP, action TEXT,
    state TEXT, service_id BIGINT, counter_id BIGINT, priority TEXT, ahead INTEGER,
    open_counters INTEGER, wait_s DOUBLE, data TEXT);
INSERT INTO ticket_events
    WITH e AS (
        SELECT n, id AS ticket_id, 1 AS seq, day, joined_us AS us, 'issue' AS action,
            'waiting' AS state, service_id, NULL AS counter_id, ahead, 2 AS open_counters,
            NULL AS wait_s, '{"number":' || number || ',"label":"' || label || '","prefix":"' ||
            prefix || '","channel":"kiosk","visit":' || id || '}' AS data
        FROM stories
        UNION ALL
        SELECT n, id, 2, day, called_us, 'call', 'called', service_id, counter_id, ahead, 2,
            (called_us - joined_us) / 1e6,
            '{"reason":"satu-satunya antrean yang menunggu untuk loket ini","rule":"only","streak":0,' ||
            '"considered":[{"ticket":' || id || ',"label":"' || label || '","service":' || service_id ||
            ',"priority":"regular","joined_at":"' || joined || '","rank_at":"' || joined ||
            '","weight":1,"targeted":false}]}'
        FROM stories WHERE state <> 'cancelled'
        UNION ALL
        SELECT n, id, 3, day, started_us, 'start', 'serving', service_id, counter_id, NULL,
            NULL, NULL, NULL FROM stories WHERE state = 'completed'
        UNION ALL
        SELECT n, id, 4, day, ended_us, 'complete', 'completed', service_id, counter_id,
            NULL, NULL, NULL, '{"outcome":"done"}' FROM stories WHERE state = 'completed'
        UNION ALL
        SELECT n, id, 3, day, ended_us, 'miss', 'no_show', service_id, counter_id, NULL,
            NULL, NULL, NULL FROM stories WHERE state = 'no_show'
        UNION ALL
        SELECT n, id, 2, day, ended_us, 'cancel', 'cancelled', service_id, NULL, NULL,
            NULL, NULL, NULL FROM stories WHERE state = 'cancelled'
    )
    SELECT $mall, made_id(us, row_number() OVER (PARTITION BY us // 1000 ORDER BY n, seq)),
        ticket_id, seq, day, make_timestamp(us), action, state, service_id, counter_id, 'regular',
        ahead, open_counters, wait_s, data
    FROM e
