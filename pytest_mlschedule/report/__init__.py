"""What people read: explanations in words, plans as tables, CSV, Markdown, JSON and calendars. Texts in, texts out."""
