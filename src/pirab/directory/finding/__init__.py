"""Finding people: one row for each listed official, with the words, sounds and numbers they are found by.

Owned here: what a question means (`asking`), which words a person has (`terms`), the rows (`index`, the only writer,
told by the directory's hooks inside the transaction of each change), the answers (`searching`), and the record of who
read how much of the directory and why (`reading`).

Always true:
- a row says what the directory says: `verification` compares them, `index.renew` mends;
- what a person hides is neither shown nor found, and who is not listed is not there at all;
- the order of answers is: how exactly the words fit, then closeness in the organisation, then past correspondence;
- every statement is bounded: so many words, so many rows, whatever is asked.

The tables are written and read by SQL of this room alone, so they have no models. ADR 0023 has the measurements.
"""
