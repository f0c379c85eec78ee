# Reads every table with load.R and prints, per column, class, NAs, a fingerprint of the values, label and levels,
# for tests/readers/test_r.py.   Rscript load_tables.R PROCESSED
source(file.path(commandArgs(TRUE)[1], "load.R"))
for (table in otr$tables()) {
  frame <- otr$read(table)
  for (name in names(frame)) {
    column <- frame[[name]]
    known <- column[!is.na(column)]
    value <- if (is.character(column) || is.factor(column)) sum(nchar(as.character(known), type = "chars"))
      else if (inherits(column, c("Date", "POSIXct"))) sum(as.integer(known))
      else sum(known)
    cat(table, name, class(column)[1], length(column), sum(is.na(column)),
        format(value, digits = 12, scientific = FALSE), attr(column, "label"), paste(levels(column), collapse = "|"),
        sep = "\t")
    cat("\n")
  }
}
