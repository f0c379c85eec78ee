"""The dataset as MLCommons Croissant (http://mlcommons.org/croissant/1.1): `croissant.json`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.frames import TABLE_BY_NAME
from pipeline.publish import title
from pipeline.publish.dictionary import Entry, about
from pipeline.publish.files import TableFile
from pipeline.publish.value_labels import LevelLabel

DATA_TYPES = {
    "string": "sc:Text",
    "int32": "cr:Int32",
    "double": "cr:Float64",
    "bool": "sc:Boolean",
    "date32[day]": "sc:Date",
    "timestamp[us, tz=UTC]": "sc:DateTime",
}
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def as_croissant(
    entries: Sequence[Entry], labels: Sequence[LevelLabel], files: Mapping[str, TableFile]
) -> str:
    """Return `croissant.json`: a file and a record set per table; the levels stand in the descriptions."""
    words: dict[tuple[str, str], list[str]] = {}
    for label in labels:
        words.setdefault((label.table, label.column), []).append(f"{label.level} ({label.label})")
    dataset = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": title.NAME,
        "description": title.DESCRIPTION,
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "citeAs": title.CITE_AS,
        "license": title.LICENCE,
        "version": title.VERSION,
        "datePublished": title.VERSION_DATE,
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": files[table].name,
                "name": files[table].name,
                "description": about(model),
                "contentUrl": files[table].name,
                "contentSize": f"{files[table].n_bytes} B",
                "encodingFormat": "application/x-parquet",
                "sha256": files[table].sha256,
            }
            for table, model in TABLE_BY_NAME.items()
        ],
        "recordSet": [
            {
                "@type": "cr:RecordSet",
                "@id": table,
                "name": table,
                "description": about(model),
                "key": [{"@id": f"{table}/{name}"} for name in model.key],
                "field": [
                    _field(entry, words.get((table, entry.column), []), files[table].name)
                    for entry in entries
                    if entry.table == table
                ],
            }
            for table, model in TABLE_BY_NAME.items()
        ],
    }
    return json.dumps(dataset, ensure_ascii=False, indent=1) + "\n"


def _field(entry: Entry, levels: Sequence[str], file_name: str) -> dict[str, Any]:
    description = entry.definition
    if entry.unit:
        description += f" Unit: {entry.unit}."
    if levels:
        description += f" Levels: {'; '.join(levels)}."
    # In words: mlcroissant joins the tables of a reference, and gives no row at all where there are several.
    if entry.references:
        description += f" Refers to {entry.references}."
    return {
        "@type": "cr:Field",
        "@id": f"{entry.table}/{entry.column}",
        "name": f"{entry.table}/{entry.column}",
        "description": description,
        "dataType": DATA_TYPES[entry.type],
        "source": {"fileObject": {"@id": file_name}, "extract": {"column": entry.column}},
    }
