# Pages of the studio: change sets and releases.

## Change sets
sets-title = Change sets
sets-text = A change set gathers what you change until it is published together. Another person reviews and publishes it.
sets-new = New change set
sets-set-title = Title
sets-title-hint = What it is about, such as: patent price for December.
sets-open = Open
sets-none = No change set is on its way.
sets-mine = mine
sets-problem = was not published
sets-closed = Published and withdrawn of late
sets-part-draft = Drafts
sets-part-review = Waiting for review
sets-part-approved = Approved, waiting for their time
sets-state-draft = Draft
sets-state-review = Review
sets-state-approved = Approved
sets-state-published = Published
sets-state-withdrawn = Withdrawn
sets-items = { $n ->
    [one] { $n } change
   *[other] { $n } changes
}
sets-at = To be published on { $time }
sets-in-hand = Change set in hand
sets-check-now = What does the check say?
sets-clean = No errors, no open warnings
sets-errors-n = { $n ->
    [one] { $n } error
   *[other] { $n } errors
}
sets-warnings-n = { $n ->
    [one] { $n } open warning
   *[other] { $n } open warnings
}
sets-clashes-n = { $n ->
    [one] { $n } text was published meanwhile
   *[other] { $n } texts were published meanwhile
}

## One set
sets-problem-text = It could not be published at its time:
sets-withdrawn-text = This set was given up. What was in it stays readable.
sets-its-release = What was published with it
sets-now = What now
sets-send-text = When all is done, another person reviews it. Until then nobody changes it.
sets-send = Send to review
sets-empty = Nothing is changed yet.
sets-waits = It waits for a publisher who did not work on it.
sets-own = You changed or sent this set yourself, so another publisher must decide. You can send it back.
sets-approve = Approve and publish now
sets-approve-later = Publish at a set time
sets-approve-at = Approve for this time
sets-time = Day and time
sets-time-zone = In your time zone, { $zone }.
sets-send-back = Send back
sets-why = What must change
sets-take-back = Take back into work
sets-try = Try it as a conversation
sets-go-on = Go on changing
sets-changes = Changes
sets-describe = Change title and summary
sets-summary = Summary for the reviewer
sets-withdraw = Withdraw the set
sets-withdraw-text = The set is closed and nothing of it is published. It stays readable.
sets-back = Back

## Differences
sets-what-added = new
sets-what-changed = changed
sets-what-removed = removed
sets-confirmed = The words stay: the translation was confirmed for the new Russian text.
sets-only-comments = Only comments changed.
sets-too-long = Too long to compare word by word: see the source.
sets-raw = As it stands in the file
sets-before = Before
sets-after = After
sets-edit = Edit
sets-preview = Preview
sets-history = History
sets-drop = Take this change out of the set
sets-yes = yes

## Remarks
sets-remarks = Remarks
sets-remarks-none = Nobody has said anything of the set as a whole.
sets-remark = Remark
sets-remark-item = Remark on this, or take it out
sets-remark-submit = Write the remark
sets-settle = Done
sets-settled = done

## Clashes
sets-clashes = Published meanwhile
sets-clashes-text = Somebody published other texts of the same places after this set was begun. Say for each which it shall be.
sets-clash-theirs = What was published meanwhile
sets-clash-ours = What this set would make of it
sets-clash-gone = It was removed.
sets-clash-ours-gone = This set removes it.
sets-clash-mine = Take the set's
sets-clash-published = Leave what is published
sets-clash-both = Write it anew from both
sets-clash-both-submit = Take this text
sets-clash-take-back = Take the set back into work to choose.

## What the check says
sets-check = Check
sets-found = What was found
sets-check-clashes = Texts were published meanwhile. Choose between them on the set's page, then the check can go on.
sets-errors-text = With these nothing can be published.
sets-warnings-new = { $n ->
    [one] { $n } warning that this set brings
   *[other] { $n } warnings that this set brings
}
sets-warnings-text = Mend them, or say why they may stand.
sets-reason = Reason
sets-reason-why = Why it may stand
sets-reason-submit = Write the reason
sets-due = Due for review
sets-warnings-old = { $n ->
    [one] { $n } warning more that the published content has, too.
   *[other] { $n } warnings more that the published content has, too.
}
sets-due-elsewhere = { $n ->
    [one] { $n } more is due for review elsewhere
   *[other] { $n } more are due for review elsewhere
}

## Who stands where
sets-standing = Who has it in front now
sets-standing-now = How many people, and where will they land?
sets-standing-none = Nobody has these pages in front now.
sets-people = { $n ->
    [one] { $n } person
   *[other] { $n } people
}
sets-standing-lands = The page goes; they land at: { $title }
sets-standing-stays = The page stays, with its new words.
sets-standing-lost = The page goes and has no heir.

## Releases
sets-releases = Releases
sets-releases-text = Everything that was published, the newest first. Any of them can be compared and published again.
sets-release-when = When
sets-release-what = What
sets-release-authors = Written by
sets-release-by = Published by
sets-release-now = in force
sets-release-of = Release of { $time }
sets-release-first = This is the first release: there was nothing before.
sets-origin-embedded = Came with the program
sets-origin-folder = From a folder
sets-origin-studio = Change set
sets-origin-revert = Went back
sets-origin-other = Published
sets-no-difference = There is no difference.
sets-left-out = { $n ->
    [one] { $n } change more is not shown here.
   *[other] { $n } changes more are not shown here.
}
sets-older = Older ones
sets-compare = Compare
sets-compare-two = Compare the two chosen
sets-compare-title = Two releases compared
sets-compare-old = old
sets-compare-new = new
sets-compare-of = Which changes
sets-compare-all = All
sets-compare-rest = Without texts
sets-compare-turn = The other way round

## Going back
sets-revert = Go back to this
sets-revert-to = Go back to the release of { $time }
sets-revert-text = It is published again at once. Nothing is lost: what is in force now stays in the list.
sets-revert-heirs = { $n ->
    [one] { $n } page that came since goes; whoever has it in front lands at the page above it.
   *[other] { $n } pages that came since go; whoever has one in front lands at the page above it.
}
sets-revert-same = This is what is in force now.
sets-revert-submit = Publish it again now
sets-revert-changes = What it would change
sets-revert-errors = By today's rules it has errors and cannot be published:

## History of an item
sets-history-none = Nothing has changed here since the first release.
sets-history-drafts = Being changed now
sets-restore = Bring back the text of this release
sets-restore-text = It becomes a draft. Nothing is published before a review.
sets-restore-which = Which text
sets-restore-into = Into which change set
sets-restore-submit = Bring back as a draft
sets-restore-title = Earlier text: { $name }
sets-restore-drafted = This text has a draft in that change set already. Look at it there, or choose another set.

## What was done
sets-did-open = The change set is open.
sets-did-send = Sent to review.
sets-did-take-back = It is a draft again.
sets-did-send-back = Sent back, with your words.
sets-did-approve = Approved. It will be published at its time.
sets-did-published = Published. It is in force now.
sets-did-withdraw = Withdrawn.
sets-did-remark = The remark is written.
sets-did-settle = Marked as done.
sets-did-reason = The reason is written.
sets-did-describe = Title and summary are saved.
sets-did-resolve = Chosen.
sets-did-drop = The change is out of the set.
sets-did-reverted = Published again. It is in force now.

## Letters
sets-news-waits-link = Open: { $url }
sets-news-returned-link = Open: { $url }
sets-news-failed-link = Open: { $url }
sets-news-waits-subject = A change set waits for review
sets-news-waits-body = A change set of the content was sent to review, and you may publish it.
sets-news-returned-subject = Your change set came back
sets-news-returned-body = A reviewer sent a change set back that you worked on. What is missing stands on its page.
sets-news-failed-subject = A change set was not published
sets-news-failed-body = A change set could not be published at its time and waits for review again.
sets-news-waits-no-link = Open the change sets.
sets-news-returned-no-link = Open the change sets.
sets-news-failed-no-link = Open the change sets.
sets-news-waits-foot = Sent by Safar because you work on its content. Your address is changed on your account page.
sets-news-returned-foot = Sent by Safar because you work on its content. Your address is changed on your account page.
sets-news-failed-foot = Sent by Safar because you work on its content. Your address is changed on your account page.

## Kinds of items
sets-kind-node = Page
sets-kind-text = Text
sets-kind-figure = Figure
sets-kind-region = Region
sets-kind-place = Place of help
sets-kind-source = Source
sets-kind-term = Term of the glossary
sets-kind-reply = Quick reply
sets-kind-template = WhatsApp template
sets-kind-retired = Heir of a removed page
sets-kind-head = Heading of a file
sets-kind-whole = File

## Parts of texts
sets-text-title = Title
sets-text-text = Text
sets-text-button = Button
sets-text-keywords = Keywords
sets-text-name = Name
sets-text-note = Note
sets-text-opt = Answer “{ $name }”
sets-text-out = Outcome “{ $name }”
sets-text-plain = Source

## Fields of tables
sets-field-id = Id
sets-field-kind = Kind
sets-field-choices = Buttons lead to
sets-field-when = Shown to
sets-field-otherwise = Others get
sets-field-topics = Topics
sets-field-k = Counts as
sets-field-sources = Sources
sets-field-source = Source
sets-field-reviewed = Date of the source
sets-field-review-by = Review by
sets-field-undated = Without a date
sets-field-caution = Caution
sets-field-check-at = To be checked at
sets-field-var = Answer is kept as
sets-field-answer = Kind of answer
sets-field-options = Answers
sets-field-next = Then
sets-field-optional = May be left out
sets-field-profile = Kept for later
sets-field-tool = Tool
sets-field-inputs = Asks for
sets-field-kinds = Kinds of places
sets-field-by = Chosen by
sets-field-min = Smallest
sets-field-max = Largest
sets-field-key = For
sets-field-value = Value
sets-field-unit = Unit
sets-field-from = Holds from
sets-field-to = Holds until
sets-field-grade = How certain
sets-field-title = Title
sets-field-date = Date
sets-field-country = Country
sets-field-city = City
sets-field-city-id = City
sets-field-phones = Phones
sets-field-certain = Confirmed
sets-field-address = Address
sets-field-site = Site
sets-field-citizens = For citizens of
sets-field-languages = Languages
sets-field-name = Name
sets-field-purpose = Purpose
sets-field-category = Category
sets-field-ru = Russian
sets-field-tg = Tajik
sets-field-ky = Kyrgyz
sets-field-avoid-tg = Not in Tajik
sets-field-avoid-ky = Not in Kyrgyz
