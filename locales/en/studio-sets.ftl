# Pages of the studio: change sets and releases.
