# Pages of the studio: editing an item.
