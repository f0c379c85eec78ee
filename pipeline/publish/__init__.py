"""From tables to the folder that researchers load: Parquet, dictionary, report, one atomic step."""
