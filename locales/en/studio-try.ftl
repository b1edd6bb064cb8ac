# Pages of the studio: previews and trying a draft.
