"""What every page needs of HTTP: guards, readers, form fields, paging, uploads, errors."""
