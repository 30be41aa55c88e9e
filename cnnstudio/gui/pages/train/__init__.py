"""The Train page: settings, progress and live curves."""
