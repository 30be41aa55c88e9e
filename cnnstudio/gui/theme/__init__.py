"""The one table of colors, the fonts, the icons and the style sheet of the window."""
