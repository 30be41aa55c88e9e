"""The one table of colours, the fonts, the icons and the style sheet of the window."""
