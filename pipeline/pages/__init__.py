"""The reading page: a static folder `report/` of each release in which one sees who said what."""
