"""What layers and settings were called in older versions of Keras, and what can be passed over."""

ALIASES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose",
    "Convolution1DTranspose": "Conv1DTranspose",
    "Convolution2DTranspose": "Conv2DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "MaxPool1D": "MaxPooling1D",
    "MaxPool2D": "MaxPooling2D",
    "AvgPool1D": "AveragePooling1D",
    "AvgPool2D": "AveragePooling2D",
    "GlobalAvgPool1D": "GlobalAveragePooling1D",
    "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D",
    "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization",
}
MERGE_MODES = {
    "sum": "Add",
    "mul": "Multiply",
    "concat": "Concatenate",
    "ave": "Average",
    "max": "Maximum",
}
OLD_SETTINGS = {
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "atrous_rate": "dilation_rate",
    "bias": "use_bias",
    "init": "kernel_initializer",
    "depthwise_init": "depthwise_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "gamma_init": "gamma_initializer",
    "beta_init": "beta_initializer",
    "output_dim": "units",
    "pool_length": "pool_size",
    "stride": "strides",
    "length": "size",
    "p": "rate",
    "sigma": "stddev",
    "concat_axis": "axis",
    "dim_ordering": "data_format",
}
HARMLESS = frozenset(
    (
        "name",
        "dtype",
        "batch_input_shape",
        "batch_shape",
        "input_shape",
        "input_dim",
        "input_length",
        "input_dtype",
        "autocast",
        "dynamic",
        "sparse",
        "ragged",
        "optional",
        "data_format",
        "output_shape",
        "renorm_momentum",
        "renorm_clipping",
        "virtual_batch_size",
        "synchronized",
        "fused",
        "bounding_box_format",
        "lora_alpha",
        "output_mask",
        "dot_axes",
        "build_config",
    )
)
"""Settings that change neither shape, weights nor result, or that we write ourselves."""
PER_CHANNEL_LEFTOVERS = frozenset(
    ["filters", "groups", "kernel_initializer", "kernel_regularizer", "kernel_constraint"]
)
NEEDED = frozenset(
    (
        "filters",
        "kernel_size",
        "units",
        "rate",
        "stddev",
        "target_shape",
        "dims",
        "height",
        "width",
        "factor",
        "height_factor",
    )
)
"""Settings without which Keras makes no layer of a class that has them."""
NEEDED_BY = {"Rescaling": "scale", "Activation": "activation", "RandomTranslation": "width_factor"}
"""And those that only one class cannot do without."""
