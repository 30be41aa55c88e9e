"""The form: every setting of the selected layers, made from the layer's own fields."""
