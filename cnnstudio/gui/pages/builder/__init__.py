"""The Build page: palette, stack, form and live panel."""
