"""Pictures of weights and answers: kernels, responses, what each layer makes of a picture."""
