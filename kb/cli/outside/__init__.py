"""Links that lead out of the library: asked politely whether they still lead anywhere."""
