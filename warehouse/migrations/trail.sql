-- The two chains of the schema audit: what was done (access) and what came (receipt). Canonical text is JSON without blanks, its keys in this order,
-- moments in UTC to the microsecond; row_hash = sha256(previous_hash || canonical text), in UTF-8. services/verify.py repeats it without a database.
CREATE FUNCTION audit.moment(at timestamptz) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
CREATE FUNCTION audit.word(said text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT coalesce(to_json(said)::text, 'null')
$$;
CREATE FUNCTION audit.canonical(entry audit.chain) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT '{"chain_id":' || audit.word(entry.chain_id) || ',"created_at":' || audit.word(audit.moment(entry.created_at))
        || ',"form":' || audit.word(entry.form) || ',"sealed_number":' || entry.sealed_number || ',"sealed_hash":' || audit.word(entry.sealed_hash) || '}'
$$;
CREATE FUNCTION audit.canonical(entry audit.access) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT '{"access_id":' || entry.access_id || ',"at":' || audit.word(audit.moment(entry.at)) || ',"role":' || audit.word(entry.role)
        || ',"person_in_charge":' || audit.word(entry.person_in_charge) || ',"purpose":' || audit.word(entry.purpose)
        || ',"ground":' || audit.word(entry.ground) || ',"action":' || audit.word(entry.action)
        || ',"pupil_id":' || coalesce(entry.pupil_id::text, 'null') || ',"subject_named":' || audit.word(entry.subject_named) || '}'
$$;
CREATE FUNCTION audit.canonical(entry audit.receipt) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT '{"receipt_id":' || entry.receipt_id || ',"delivery_id":' || audit.word(entry.delivery_id::text) || ',"source":' || audit.word(entry.source)
        || ',"sha256":' || audit.word(entry.sha256) || ',"size_bytes":' || entry.size_bytes
        || ',"received_at":' || audit.word(audit.moment(entry.received_at)) || '}'
$$;
CREATE FUNCTION audit.digest(previous text, canonical text) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT encode(sha256(convert_to(previous || canonical, 'UTF8')), 'hex')
$$;

CREATE OR REPLACE FUNCTION audit.keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit.% is only ever appended to', TG_TABLE_NAME;
END $$;

CREATE OR REPLACE FUNCTION audit.seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    chain audit.chain;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kontingent.audit'));
    NEW.role := session_user;
    NEW.at := clock_timestamp();
    SELECT * INTO STRICT chain FROM audit.chain;
    SELECT access_id + 1, row_hash INTO NEW.access_id, NEW.previous_hash FROM audit.access
        WHERE access_id > chain.sealed_number ORDER BY access_id DESC LIMIT 1;
    IF NOT FOUND THEN
        NEW.access_id := chain.sealed_number + 1;
        NEW.previous_hash := chain.row_hash;
    END IF;
    -- What the pipeline alone does, no person's role can claim: readers of the trail believe these lines.
    IF NEW.action IN ('retention', 'rule', 'role') AND session_user IN ('publisher', 'analyst', 'steward', 'officer', 'auditor')
        OR NEW.action IN ('publish', 'rollback') AND session_user IN ('analyst', 'steward', 'officer', 'auditor') THEN
        RAISE EXCEPTION 'audit.access: % is not said by %', NEW.action, session_user USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- The verifier reads lines of bounded length; one that is longer could never be proved, nor removed.
    IF octet_length(audit.canonical(NEW)) > 900000 THEN
        RAISE EXCEPTION 'audit.access: the line is too long';
    END IF;
    NEW.row_hash := audit.digest(NEW.previous_hash, audit.canonical(NEW));
    RETURN NEW;
END $$;

CREATE FUNCTION audit.seal_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kontingent.receipts'));
    SELECT receipt_id + 1, row_hash INTO NEW.receipt_id, NEW.previous_hash FROM audit.receipt ORDER BY receipt_id DESC LIMIT 1;
    IF NOT FOUND THEN
        NEW.receipt_id := 1;
        SELECT row_hash INTO STRICT NEW.previous_hash FROM audit.chain;
    END IF;
    NEW.row_hash := audit.digest(NEW.previous_hash, audit.canonical(NEW));
    RETURN NEW;
END $$;

CREATE FUNCTION audit.receive() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO audit.receipt (delivery_id, source, sha256, size_bytes, received_at)
        VALUES (NEW.delivery_id, NEW.source, NEW.sha256, NEW.size_bytes, NEW.received_at);
    RETURN NULL;
END $$;

-- The chain is made once; rows of an older form stay as they are, and its first line seals the last of them.
INSERT INTO audit.chain ("only", chain_id, created_at, form, sealed_number, sealed_hash, row_hash)
    SELECT true, gen_random_uuid()::text, clock_timestamp(), 'kontingent-trail-1', coalesce(max(access_id), 0),
        (SELECT row_hash FROM audit.access ORDER BY access_id DESC LIMIT 1), '' FROM audit.access;
UPDATE audit.chain AS one SET row_hash = audit.digest('', audit.canonical(one));

CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON audit.chain FOR EACH STATEMENT EXECUTE FUNCTION audit.keep();
CREATE TRIGGER seal BEFORE INSERT ON audit.receipt FOR EACH ROW EXECUTE FUNCTION audit.seal_receipt();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON audit.receipt FOR EACH STATEMENT EXECUTE FUNCTION audit.keep();
INSERT INTO audit.receipt (delivery_id, source, sha256, size_bytes, received_at)
    SELECT delivery_id, source, sha256, size_bytes, received_at FROM quality.delivery WHERE replay_of IS NULL ORDER BY received_at, delivery_id;
-- A replay reads bytes that are in the list already.
CREATE TRIGGER receive AFTER INSERT ON quality.delivery FOR EACH ROW WHEN (NEW.replay_of IS NULL) EXECUTE FUNCTION audit.receive();
ALTER TABLE audit.chain ENABLE ALWAYS TRIGGER keep;
ALTER TABLE audit.access ENABLE ALWAYS TRIGGER seal, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE audit.receipt ENABLE ALWAYS TRIGGER seal, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE quality.delivery ENABLE ALWAYS TRIGGER receive;
