"""The annex as it leaves the program: as rows, as PDF and as a workbook; libraries load at the first export."""
