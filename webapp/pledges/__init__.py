"""The ledger, its rollup and tallies, receipts."""
