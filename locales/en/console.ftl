# Pages of the staff: frame, access, accounts, trail. The desk's own texts stand in desk.ftl.

## Frame
skip = Skip to the content
nav = Sections
menu = Menu
language = Language
log-out = Log out
to-start = To the start
nav-queue = Queue
nav-register = New entry
nav-supervisor = Overview
nav-people = People
nav-trail = Trail

## Refusals
refusal-role = Not allowed
refusal-text-role = Your account does not have the role this page needs. Ask an administrator.
refusal-csrf = The form is out of date
refusal-text-csrf = Nothing was changed. Open the page again and repeat what you did.
refusal-bad = The form could not be read
refusal-text-bad = Nothing was changed. Open the page again and repeat what you did.
refusal-too-large = Too much text
refusal-text-too-large = Nothing was saved. Make the text shorter and send it again.
refusal-not-found = There is no such page
refusal-text-not-found = It may have been removed, or you may not see it.
refusal-changed = Somebody was faster
refusal-text-changed = Somebody changed this while you had the page open. Open it again and look at how it is now.
refusal-unavailable = Not possible right now
refusal-text-unavailable = The server is busy or the database does not answer. Nothing was changed. Try again in a minute.
