"""What the start page is made of: cards of templates, recent projects."""
