# Pages of the studio: figures, places and other lists.
