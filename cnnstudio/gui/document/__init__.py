"""The open project, the work behind the window, and what a person looks at."""
