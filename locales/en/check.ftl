# Findings of the content check, one message a code. Staff read them; migrants never do.

# The files themselves
caution-unknown = caution = "{ $value }" is not known: use "check" or "recalled", or leave it out.
date-form = { $what } = "{ $value }" is not a date of the form 2026-11-24.
date-rough-form = { $what } = "{ $value }" is not a date of a source: write 2026-11-24, or 2026-11 or 2026 where the source says no more.
date-twice = "reviewed" and undated = true exclude each other: keep the date.
figure-undated = A figure needs "reviewed", the date of its source, or undated = true where the source has none.
figure-value = "{ $value }" is not a number: write digits with a decimal point.
file-broken = The file cannot be read: { $what }.
file-missing = The file is missing.
format-unknown = format = { $value } is not known: this program reads format 1.
grade-unknown = grade = "{ $value }" is not known: use found, calc or draft.
id-form = This is not an id: use a small Latin letter, then small letters, digits and hyphens, 40 at most; lang and delete are taken.
k-unknown = k = "{ $value }" is not known: use how, help, both or other.
key-missing = "{ $what }" is missing, or its value is not known.
language-unknown = The language "{ $value }" is not known: use { $known }.
kind-unknown = kind = "{ $value }" is not known: use one of { $known }.
node-twice = This id is taken already, at { $first }.
place-kind-unknown = "{ $value }" is no kind of place.
place-undated = A place needs "reviewed", the date of the newest page that names it, or undated = true where that has none.
source-unknown = The source "{ $value }" is not in content/sources.toml.
text-broken = A text cannot be read: { $what }.
unit-unknown = unit = "{ $value }" is not known: use one of { $known }.

# The tree
choice-twice = "{ $value }" stands twice among the choices.
home-unfit = The main menu, and each node that follows it by "otherwise", must be a menu, the last of them without "when": it is shown when nothing else can be.
input-extra = The tool has no input "{ $value }".
input-missing = The tool needs the input "{ $value }".
input-unfit = The input "{ $value }" needs an ask with answer = "{ $wanted }"; "{ $ask }" is none.
k-extra = k stands only on pages, tools and places; this is kind = "{ $kind }".
k-missing = kind = "{ $kind }" needs k = how, help, both or other.
menu-empty = A menu needs choices.
menu-pages = { $count } choices need more than one page; { $max } fit on one.
next-missing = This question has no "next" and no tool asks it.
node-unreachable = No way leads here.
number-range = min = { $min } is above max = { $max }.
past-missing = The tool { $tool } counts from a day that has been: add past = true, or "1 января" may be read as the coming one.
past-misplaced = past = true belongs to answer = "date".
option-form = The option "{ $value }" must be 1 to 20 Latin letters, digits or hyphens, and not "skip" where the question can be skipped.
option-twice = The option "{ $value }" stands twice.
options-count = A question of this kind needs 1 to { $max } options; it has { $count }.
otherwise-circle = "otherwise" leads in a circle for { $who }.
otherwise-missing = A node with "when" needs "otherwise".
otherwise-refuses = "otherwise" leads { $who } to a node that refuses them, too.
profile-key-unknown = "{ $value }" is no profile key here: use { $known }.
target-unknown = { $what }: there is no node "{ $value }".
tool-unknown = There is no tool "{ $value }": use one of { $known }.
when-value-unknown = when: "{ $value }" is no answer to { $what }: use { $known }.

# Texts
attribute-extra = Nobody reads .{ $attribute } of this message.
attribute-missing = .{ $attribute } is missing in { $locale }.
figure-misplaced = FIGURE("{ $value }") cannot stand in { $attribute }: only in .text, .note and .out-….
figures-differ = The figures of { $attribute } differ from the Russian. Missing: { $missing }. Too many: { $extra }.
plural-forms = { $attribute }: ${ $value } has the forms { $found }; { $locale } has { $wanted }, and literal numbers.
selectors-differ = The selectors of { $attribute } differ from the Russian. Missing: { $missing }. Too many: { $extra }.
text-extra = There is no node or place for this message.
text-missing = The text is missing in { $locale }.
translation-stale = The Russian text has changed since this translation was confirmed (safar content confirm ID).
translation-unconfirmed = Nobody has confirmed this translation yet (safar content confirm ID).
variable-printed = { $attribute }: ${ $value } is an id; select on it, do not print it.
variable-unknown = { $attribute }: ${ $value } is not given here. Given: { $known }.
variables-differ = The variables of { $attribute } differ from the Russian. Missing: { $missing }. Too many: { $extra }.

# Letters and markup
hidden-character = { $value } cannot be seen, or is a mark of the program: take it out.
letter-foreign = { $attribute }: letters that { $locale } does not have: { $value }.
markup-foreign = { $attribute }: "{ $value }" is no markup here: only *bold*, numbered lines and bare links.
markup-star = A star has no partner on its line, or stands in a title or label.
text-folded = The whole file has none of the letters { $letters }: is it { $locale }, and was it typed with all its letters?
word-russian = { $attribute }: Russian words outside brackets and quotes: { $value }. Is this { $locale }?
word-mixed = { $attribute }: "{ $value }" mixes Latin and Cyrillic letters.

# Glossary
glossary = { $attribute }: "{ $value }" is not used here. The glossary says: { $wanted }.

# Keywords and topics
keywords-shared = In { $locale } more than half of the keywords are those of { $other }: who uses them may get either.
keywords-steal = In { $locale } who asks with the title of this page gets { $other } before it: give each the words that only it is asked with.
keywords-few = { $count } different keywords in { $locale }: people search in their own words, so at least { $min } are needed.
topic-unknown = The topic "{ $value }" is not in the topics of content/settings.toml.

# Messages
choices-many = { $channel }: { $length } choices, { $max } at most.
description-long = { $channel }: the title has { $length } characters as a description, { $max } at most (on { $where }).
label-long = { $channel }: the label "{ $label }" has { $length } characters, { $max } at most (on { $where }).
label-twice = The label "{ $label }" stands twice on { $value } (again as { $other }).
reference-broken = { $value }.
text-long = { $channel }: the message has { $length } characters with the longest notes, { $max } at most.
token-long = { $channel }: the button's token has { $length } bytes, { $max } at most.

# Figures
figure-out = The figure { $value } has no value on { $date }: readers are told that it is not published.
figure-overlap = Two values on one day (key { $key }): this one and the one in line { $line }.
figure-period = The period ends on { $to }, before it begins on { $from }.
figure-unknown = { $attribute }: there is no figure "{ $value }".
figure-unused = No text and no tool asks for this figure.
number-hard = { $attribute }: "{ $value } …" is a sum in digits: make it a figure.
region-unknown = The key "{ $value }" is no [[region]].

# Sources
check-at-missing = caution = "check" needs check_at: where can the reader check?
facts-undated = "{ $what }" is missing: facts are shown with their source and date.
review-overdue = The review was due by { $date }.
reviewed-future = { $what } = { $date } lies in the future.

# Places
city-unasked = by = "city" needs an ask with var = "city" and answer = "one-of".
city-unknown = city_id = "{ $value }" is no option of the question about the city: use { $known }.
country-unknown = The country "{ $value }" is not known: use { $known }.
phone-form = A phone number has a form that nobody can dial.
place-certain = A place without a phone cannot be certain.
place-twice = This place stands twice.
places-none = There is no place of the kind "{ $value }".

# Templates of WhatsApp
template-body = The body must have 1 to 1,024 characters: { $value }.
template-button = The button's label must have 1 to 20 characters: { $value }.
template-button-missing = In { $value } there is no `button`: without one nothing brings the answer.
template-category = The category "{ $value }" is none of UTILITY, MARKETING, AUTHENTICATION.
template-code = WhatsApp has no language "{ $value }" (it has no Tajik: give tg the Russian text by `for`).
template-locale = There is no language "{ $value }": use ru, tg, ky.
template-locale-missing = Nobody who reads { $value } gets this template: add it to a `for`.
template-locale-twice = People who read { $value } stand in `for` more than once: each language gets one text.
template-name = The name "{ $value }" must have small Latin letters, digits and underscores only.
reply-long = The text has { $length } characters; a consultant can send { $max }.
reply-twice = The reply stands already at { $first }.
template-purpose = The purpose "{ $value }" is unknown: use answer.
template-purpose-missing = No template has the purpose "{ $value }".
template-purpose-twice = Template "{ $value }" has a purpose that another has already: one template each.
template-twice = The template "{ $value }" stands twice.
template-variable-unknown = The program has no value "{ $value }" for a template: use date.
template-variables = In { $value } the marks of variables, 1 to n in double braces, are not those that `variables` lists.

# Ids that are gone
id-revived = A retired id lives again: take its line out.
id-vanished = This id was in the last release; give it an heir in [retired].

# The program's own texts
interface-missing = The text is missing in { $locale }.
interface-variables = The variables differ from the Russian. Wanted: { $wanted }. Found: { $found }.
