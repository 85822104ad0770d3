"""Secret ballots that anyone can verify: Belenios protocol v1 on the group BELENIOS-2048 (SPEC.md beside this file)."""
