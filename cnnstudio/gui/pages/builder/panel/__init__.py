"""The live panel: shapes, counts, sums and findings of the network as it stands."""
