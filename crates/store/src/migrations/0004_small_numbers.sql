-- Some clients of other systems know people by small numbers that are written into them, and come in as guests under these:
-- whoever signs up gets a number beyond them.

RAISE_IDS(accounts, 1000);
