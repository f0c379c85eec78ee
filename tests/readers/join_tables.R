# Joins tables with load.R and prints what came of it, for tests/readers/test_r.py.   Rscript join_tables.R PROCESSED
source(file.path(commandArgs(TRUE)[1], "load.R"))
say <- function(...) cat(paste(c(...), collapse = "\t"), "\n", sep = "")
told <- function(expression) tryCatch(expression, error = conditionMessage, warning = conditionMessage)
joined <- otr$join("quotes", "articles", "outlets", "speakers", "topics")
say("columns", names(joined))
say("labels", vapply(joined, attr, "", "label"))
say("rows", paste(joined$quote_id, joined$outlets_name, joined$topics_label, sep = "/"))
say("factor", class(joined$outlets_kind), levels(joined$outlets_kind)[1])
several <- suppressWarnings(otr$join("quotes", "quote_speakers"))
say("several", paste(several$quote_id, several$quote_speakers_speaker_id, sep = "/"))
say("warning", told(otr$join("quotes", "quote_speakers")))
times <- otr$read("articles")$retrieved_at
say("time", attr(times, "tzone"), format(times[format(times) == "2026-01-05 08:30:00" & !is.na(times)]))
say("page", otr$page_of(joined$quote_id))
say("no quote", told(otr$page_of(c(joined$quote_id[1], "15b3-2:a5"))))
# As a public edition: tables, and no reading page.
alone <- tempfile()
dir.create(alone)
invisible(file.copy(list.files(otr$folder, "[.](R|csv|parquet)$", full.names = TRUE), alone))
whole <- otr
source(file.path(alone, "load.R"))
say("no page", sub(otr$folder, "FOLDER", told(otr$page_of(joined$quote_id[1])), fixed = TRUE))
otr <- whole
say("columns alone", names(otr$read("quotes", c("cue", "quote_type"))))
say("no table", told(otr$read("quote")))
say("which", told(otr$join("speaker_members", "speakers")))
say("nowhere", told(otr$join("quotes", "cues")))
second <- otr$levels("quotes", "quote_type")[2, ]
say("level", second$level_no, second$level, second$label)
say("definition", otr$describe("quotes", "cue")$definition)
