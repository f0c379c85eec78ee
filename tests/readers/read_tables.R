# Reads every table of a dataset with arrow and prints, per column, its R class and a fingerprint of the values,
# for tests/readers/test_r.py.   Rscript read_tables.R PROCESSED
suppressMessages(library(arrow))
folder <- commandArgs(TRUE)[1]
for (path in sort(list.files(folder, pattern = "\\.parquet$", full.names = TRUE))) {
  table <- as.data.frame(read_parquet(path))
  for (name in names(table)) {
    column <- table[[name]]
    class <- class(column)[1]
    missing <- sum(is.na(column))
    known <- column[!is.na(column)]
    value <- if (class == "character") sum(nchar(known, type = "chars"))
      else if (class == "Date") sum(as.integer(known))
      else if (class == "POSIXct") sum(as.integer(known))
      else sum(known)
    cat(basename(path), name, class, length(column), missing, format(value, digits = 12, scientific = FALSE), sep = "\t")
    cat("\n")
  }
}
