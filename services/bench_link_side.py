"""One side of `make bench-link` in a process of its own: records.parquet in, links out, what it cost as one line of JSON.

Run as `python -m services.bench_link_side engine|splink RECORDS OUT_FOLDER`; each linking is written as `<name>.parquet` (record_id, pupil_id, status).
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from services.bench_step import peak_megabytes

THRESHOLDS = (5.0, 10.0, 15.0, 20.0)
"""Match weights (bits) at which Splink's pairs are clustered; the best F1 of these counts."""
_SPLINK_INPUT = """
SELECT record_id AS unique_id, nullif(snils, '00000000000') AS snils, birth_certificate, birth_act_number, document,
       replace(family_name, 'Ё', 'Е') AS family_name, replace(given_name, 'Ё', 'Е') AS given_name, replace(patronymic, 'Ё', 'Е') AS patronymic,
       strftime(birth_date, '%Y-%m-%d') AS birth_date, year(birth_date) AS birth_year, sex, left(oktmo, 5) AS municipality
FROM read_parquet($1)
"""


def main(side: str, records: str, out: str) -> None:
    """Run one side; the last line of the output is JSON."""
    began = time.perf_counter()
    told = SIDES[side](Path(records), Path(out))
    print(json.dumps(told | {"inside_seconds": time.perf_counter() - began}), flush=True)  # noqa: T201 - read by the other end


def engine(records: Path, out: Path) -> dict[str, Any]:
    """The project's own engine."""
    from transforms.link_table import ONE_RECORD_SOURCES
    from transforms.linkage.link import link

    result = link(records, one_record_sources=ONE_RECORD_SOURCES)
    pq.write_table(result.links.select(["record_id", "pupil_id", "status"]), out / "engine.parquet")
    pq.write_table(result.reviews.select(["record_id"]), out / "engine_reviews.parquet")
    return {"linkings": {"engine": {"seconds": 0.0}}, "train_seconds": 0.0, **_cost()}


def splink(records: Path, out: Path) -> dict[str, Any]:
    """Splink alone on DuckDB, as its documentation advises: trained here, blocked, predicted, clustered at some thresholds."""
    import duckdb
    from splink import DuckDBAPI, Linker, block_on

    connection = duckdb.connect(config={"threads": 2, "temp_directory": str(out)})
    connection.execute("CREATE TABLE person AS " + _SPLINK_INPUT, [str(records)])
    count = connection.table("person").count("*").fetchall()[0][0]
    api = DuckDBAPI(connection=connection)
    linker = Linker(api.register("person"), _settings())
    began = time.perf_counter()
    linker.training.estimate_probability_two_random_records_match([block_on("snils", "given_name"), block_on("birth_certificate", "given_name")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
    for rule in (block_on("birth_certificate"), block_on("snils"), block_on("birth_date", "family_name")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=min(1.0, 400_000 / count))
    trained = time.perf_counter() - began
    pairs = linker.inference.predict(threshold_match_weight=min(THRESHOLDS))
    cost, linkings = _cost(), {}
    for threshold in THRESHOLDS:
        began = time.perf_counter()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_weight=threshold)
        linked = connection.table(clusters.physical_name).select("unique_id, cluster_id").to_arrow_table()
        _write(linked, out / f"splink_{threshold:g}.parquet")
        linkings[f"splink_{threshold:g}"] = {"seconds": time.perf_counter() - began}
        cost = cost | {"peak_megabytes": peak_megabytes()} if len(linkings) == 1 else cost
    return {"linkings": linkings, "train_seconds": trained, **cost}


def _settings() -> Any:
    import splink.comparison_library as compare
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only", retain_matching_columns=False, retain_intermediate_calculation_columns=False,
        blocking_rules_to_generate_predictions=[
            block_on("snils"), block_on("birth_certificate"), block_on("birth_act_number"), block_on("document"), block_on("birth_date", "family_name"),
            block_on("birth_date", "given_name"), block_on("family_name", "given_name", "birth_year")],
        comparisons=[
            compare.NameComparison("family_name", jaro_winkler_thresholds=[0.92, 0.88]).configure(term_frequency_adjustments=True),
            compare.NameComparison("given_name", jaro_winkler_thresholds=[0.92, 0.88]).configure(term_frequency_adjustments=True),
            compare.NameComparison("patronymic", jaro_winkler_thresholds=[0.92, 0.88]).configure(term_frequency_adjustments=True),
            compare.DateOfBirthComparison("birth_date", input_is_string=True, datetime_format="%Y-%m-%d"),
            compare.ExactMatch("snils"), compare.ExactMatch("birth_certificate"), compare.ExactMatch("document"), compare.ExactMatch("sex"),
            compare.ExactMatch("municipality").configure(term_frequency_adjustments=True)])


def _write(clusters: pa.Table, path: Path) -> None:
    """Splink names a cluster by its smallest record: all that are clustered are linked by the machine."""
    pq.write_table(pa.table({"record_id": clusters["unique_id"], "pupil_id": clusters["cluster_id"], "status": pa.repeat("auto", clusters.num_rows)}), path)


def _cost() -> dict[str, float]:
    """CPU seconds and peak resident megabytes of this process so far."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu_seconds": spent.ru_utime + spent.ru_stime, "peak_megabytes": peak_megabytes()}


SIDES: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"engine": engine, "splink": splink}

if __name__ == "__main__":
    main(*sys.argv[1:])
