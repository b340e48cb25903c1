-- Back to the trail of the first state: its rows stay, those that follow are sealed as they were then.
DROP TRIGGER receive ON quality.delivery;
DROP TABLE audit.chain, audit.receipt CASCADE;
DROP FUNCTION audit.canonical(audit.access), audit.receive(), audit.seal_receipt(), audit.moment(timestamptz), audit.word(text), audit.digest(text, text);
DROP INDEX audit.access_action;
CREATE OR REPLACE FUNCTION audit.seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('kontingent.audit'));
    NEW.role := session_user;
    NEW.at := clock_timestamp();
    NEW.access_id := nextval(pg_get_serial_sequence('audit.access', 'access_id'));
    SELECT row_hash INTO NEW.previous_hash FROM audit.access ORDER BY access_id DESC LIMIT 1;
    NEW.row_hash := encode(sha256(convert_to(jsonb_build_array(current_database(), NEW.previous_hash, NEW.access_id, extract(epoch FROM NEW.at),
        NEW.role, NEW.person_in_charge, NEW.purpose, NEW.ground, NEW.action, NEW.pupil_id)::text, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
SELECT setval(pg_get_serial_sequence('audit.access', 'access_id'), max(access_id)) FROM audit.access HAVING max(access_id) IS NOT NULL;
