# Pages of the studio: texts out and in.
