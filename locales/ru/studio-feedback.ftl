# Pages of the studio: what people made of the content.
