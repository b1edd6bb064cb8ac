# Pages of the studio: what they share.

nav-studio = Content
studio-title = Content

studio-wrong-not-found = This is no longer there.
studio-wrong-title = Write a title of at most 120 characters.
studio-wrong-text = Write a text of at most 2,000 characters.
studio-wrong-long = This is too long: part it.
studio-wrong-state = This cannot be done now: the change set is at another step already. Load the page again.
studio-wrong-own = Another person must review and publish: you changed this set yourself.
studio-wrong-changed = Something changed meanwhile. Look at it and try again.
studio-wrong-overtaken = Somebody else saved this text meanwhile. Yours is not lost: compare both.
studio-wrong-clash = Another text was published meanwhile. Compare both and choose.
studio-wrong-empty = Nothing is changed.
studio-wrong-errors = There are errors: with them nothing can be published.
studio-wrong-reasons = There are warnings without a reason: mend them, or say why they may stand.
studio-wrong-past = This time is over already.

verb-set-opened = Change set opened
verb-item-edited = Text changed
verb-item-dropped = Change dropped
verb-set-sent = Change set sent to review
verb-set-returned = Change set sent back
verb-set-approved = Change set approved
verb-set-published = Change set published
verb-set-withdrawn = Change set withdrawn
verb-reason-given = Reason given
verb-remark-made = Remark made
verb-try-link-made = Link to try made
verb-content-exported = Content exported
verb-content-reverted = Earlier release published again
verb-owner-changed = Owner changed
object-change-set = Change set
object-publication = Publication
