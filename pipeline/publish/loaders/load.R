# Load the tables beside this file in R: typed, labelled, and joined by their keys. Base R and arrow only.
#
#   source("processed/load.R")
#   quotes <- otr$read("quotes")
#   otr$describe("quotes", "cue")
#   joined <- otr$join("quotes", "articles", "outlets")
#
# Text is character, a closed vocabulary a factor with its levels in the order of the dictionary, a day a Date,
# a time a POSIXct in UTC; NULL is NA. Every column has its label in attr(column, "label").

otr <- local({
  here <- function() {
    for (frame in rev(sys.frames())) {
      if (!is.null(frame$ofile)) return(normalizePath(dirname(frame$ofile)))
    }
    getwd()
  }
  folder <- here()
  if (!requireNamespace("arrow", quietly = TRUE)) {
    stop("load.R needs the package arrow: install.packages(\"arrow\")", call. = FALSE)
  }

  from_csv <- function(name) {
    read.csv(file.path(folder, name), colClasses = "character", na.strings = character(),
             encoding = "UTF-8", check.names = FALSE, stringsAsFactors = FALSE)
  }
  dictionary <- from_csv("data_dictionary.csv")
  value_labels <- from_csv("value_labels.csv")

  # The names of the tables.
  tables <- function() unique(dictionary$table)

  # What the dictionary says of a column, or of all columns of a table.
  describe <- function(table, column = NULL) {
    known <- dictionary[dictionary$table == table, ]
    if (nrow(known) == 0) {
      stop("no table ", table, "; there are ", paste(tables(), collapse = ", "), call. = FALSE)
    }
    if (!is.null(column)) {
      if (!column %in% known$column) {
        stop(table, " has no column ", column, "; it has ", paste(known$column, collapse = ", "), call. = FALSE)
      }
      known <- known[known$column == column, ]
    }
    row.names(known) <- NULL
    known
  }

  # The levels of a closed vocabulary in their order, with label and definition.
  levels_of <- function(table, column) {
    describe(table, column)
    found <- value_labels[value_labels$table == table & value_labels$column == column,
                          c("level_no", "level", "label", "definition")]
    found$level_no <- as.integer(found$level_no)
    row.names(found) <- NULL
    found
  }

  # A table, or these columns of it.
  read <- function(table, columns = NULL) {
    known <- describe(table)
    for (name in columns) describe(table, name)
    path <- file.path(folder, paste0(table, ".parquet"))
    frame <- if (is.null(columns)) arrow::read_parquet(path) else {
      arrow::read_parquet(path, col_select = tidyselect::all_of(columns))
    }
    frame <- as.data.frame(frame)
    if (is.null(columns) && !identical(names(frame), known$column)) {
      stop(table, ".parquet and data_dictionary.csv do not belong together", call. = FALSE)
    }
    for (name in names(frame)) {
      entry <- known[known$column == name, ]
      if (nzchar(entry$allowed_values)) {
        order <- levels_of(table, name)$level
        unknown <- setdiff(frame[[name]], c(order, NA))
        if (length(unknown)) {
          stop(table, ".", name, " has values that value_labels.csv lacks: ",
               paste(unknown, collapse = ", "), call. = FALSE)
        }
        frame[[name]] <- factor(frame[[name]], levels = order)
      }
      attr(frame[[name]], "label") <- entry$label
    }
    frame
  }

  # The columns of a table that refer to `target`, each named by itself, with the column there.
  references <- function(table, target, wanted) {
    known <- describe(table)
    found <- character()
    for (i in seq_len(nrow(known))) {
      for (reference in strsplit(known$references[i], ", ", fixed = TRUE)[[1]]) {
        parts <- strsplit(reference, ".", fixed = TRUE)[[1]]
        if (parts[1] == target) found[known$column[i]] <- parts[2]
      }
    }
    if (!is.null(wanted)) found <- found[names(found) == wanted]
    # Of several, the one that bears the name of its target is meant.
    if (any(names(found) == found)) found <- found[names(found) == found]
    if (length(found) > 1) {
      stop(table, " refers to ", target, " by ", paste(names(found), collapse = " and "),
           ": say which with by = c(table = \"column\")", call. = FALSE)
    }
    found
  }

  # Where `table` is joined: the table and column before, and the column of `table` with the same values.
  reference <- function(before, table, wanted) {
    for (one in before) {
      found <- references(one, table, wanted)
      if (length(found)) return(list(table = one, column = names(found), there = unname(found)))
    }
    for (one in before) {
      found <- references(table, one, wanted)
      if (length(found)) return(list(table = one, column = unname(found), there = names(found)))
    }
    stop("no reference of the dictionary leads from ", paste(before, collapse = ", "), " to ", table,
         call. = FALSE)
  }

  # The rows of a data frame, NA for none, with the labels that R drops when it takes rows.
  rows_of <- function(frame, rows) {
    kept <- frame[rows, , drop = FALSE]
    for (name in names(frame)) attr(kept[[name]], "label") <- attr(frame[[name]], "label")
    row.names(kept) <- NULL
    kept
  }

  # The first table with the others joined to it by the references of the dictionary. Columns of a joined table
  # are named after it: `name` of outlets is `outlets_name`. Every row of the first table stays. A table of which
  # several rows belong to one row so far repeats that row, with a warning. `by` names the referring column where
  # there are several: by = c(outlets = "agency_id").
  join <- function(..., by = character()) {
    names_of <- c(...)
    if (anyDuplicated(names_of)) stop(names_of[anyDuplicated(names_of)], " is named twice", call. = FALSE)
    joined <- read(names_of[1])
    place <- stats::setNames(names(joined), paste0(names_of[1], ".", names(joined)))
    for (number in seq_along(names_of)[-1]) {
      table <- names_of[number]
      wanted <- if (table %in% names(by)) by[[table]] else NULL
      found <- reference(names_of[seq_len(number - 1)], table, wanted)
      left <- place[[paste0(found$table, ".", found$column)]]
      added <- read(table)
      values <- joined[[left]]
      keys <- added[[found$there]]
      if (anyDuplicated(keys[!is.na(keys)])) {
        several <- split(which(!is.na(keys)), keys[!is.na(keys)])
        matching <- several[as.character(values)]
        matching[lengths(matching) == 0] <- list(NA_integer_)
        n_rows <- nrow(joined)
        joined <- rows_of(joined, rep(seq_len(n_rows), lengths(matching)))
        rows <- unlist(matching, use.names = FALSE)
        warning("several rows of ", table, " belong to one row: ", n_rows, " rows became ", nrow(joined),
                call. = FALSE)
      } else {
        rows <- match(values, keys, incomparables = NA)
      }
      added <- rows_of(added, rows)
      place[paste0(table, ".", names(added))] <- paste0(table, "_", names(added))
      names(added) <- paste0(table, "_", names(added))
      # The same values twice; the column that was there first stays.
      added[[paste0(table, "_", found$there)]] <- NULL
      place[[paste0(table, ".", found$there)]] <- left
      joined <- cbind(joined, added)
    }
    joined
  }

  # The path of the reading page on which each quote stands, with the anchor of the quote.
  page_of <- function(quote_id) {
    documents <- file.path(folder, "report", "documents")
    if (!dir.exists(documents)) {
      stop("no reading page in ", folder, ": `make dataset` writes one", call. = FALSE)
    }
    unknown <- setdiff(quote_id, read("quotes", "quote_id")$quote_id)
    if (length(unknown)) {
      stop("no quote ", paste(unknown, collapse = ", "), "; the column quote_id of quotes has them", call. = FALSE)
    }
    paste0(documents, "/", sub(":.*", "", quote_id), ".html#q-", sub(".*:", "", quote_id))
  }

  list(folder = folder, tables = tables, describe = describe, levels = levels_of, read = read, join = join,
       page_of = page_of)
})
